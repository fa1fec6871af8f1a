import { setTimeout as wait } from 'node:timers/promises';
import { type Connection, createConnection, type Outcome } from './connection.ts';
import type { Pacer } from './pacer.ts';
import { recordMs, type Tally, tallyOutcome } from './tally.ts';

/** A request to send, and what to make of what comes back. */
export interface PreparedRequest {
  /** Each kind has a tally of its own. */
  kind: string;
  /** The whole request as it goes over the wire: ASCII. */
  text: string;
  isExpected: (status: number) => boolean;
  /** Told of the outcome, once. `isGood`: complete, with an expected status. */
  onOutcome?(outcome: Outcome, isGood: boolean): void;
}

export interface FlowOptions {
  origin: URL;
  connections: number;
  timeoutMs: number;
  keepAlive: boolean;
  pacer: Pacer;
  /** Called just before each request is sent; `now` as `performance.now()`. */
  next: (now: number) => PreparedRequest;
  /** What results of this kind go into at the moment. */
  tally: (kind: string) => Tally;
  /** As `performance.now()`. What was due by then is still sent, and all that is under way waited for: at most `timeoutMs` more. */
  endsAt: number;
  /** Ends the sending early; what is under way is still waited for. */
  signal?: AbortSignal | undefined;
}

export interface Flow {
  /** Requests sent so far. */
  readonly sent: number;
  /** Resolves when the signal has come and nothing is under way any more. */
  readonly done: Promise<void>;
}

/** The finest that timers can do. Requests between two ticks go out together, up to 1 ms late. */
const tickMs = 1;
const timeoutCheckMs = 50;
/** After a failure a connection rests this long: a server that is down is not to be run at in a tight loop. */
const restMs = 20;

/**
 * Sends requests to one origin as the pacer says, over at most so many connections, each with one request at a time. If all
 * are busy, requests wait their turn, and the wait is part of their latency; one that waits longer than the timeout
 * is given up as "not sent".
 */
export function runFlow(options: FlowOptions): Flow {
  const { origin, timeoutMs, keepAlive, pacer, endsAt, signal } = options;
  const connections = Array.from({ length: options.connections }, () =>
    createConnection({ origin, timeoutMs, keepAlive }),
  );
  const free = [...connections];
  /** When the last connection became free: a request that was due before then is not late by our fault. */
  let freeSince = 0;
  let sent = 0;
  let underWay = 0;

  function release(connection: Connection, now: number): void {
    if (free.length === 0) freeSince = now;
    free.push(connection);
    sendDue(now);
  }

  function settle(request: PreparedRequest, outcome: Outcome, latencyMs: number): void {
    const isGood = tallyOutcome(
      options.tally(request.kind),
      outcome,
      latencyMs,
      request.isExpected,
    );
    request.onOutcome?.(outcome, isGood);
  }

  function sendOne(connection: Connection, meantAt: number, now: number): void {
    const request = options.next(now);
    if (now - meantAt > timeoutMs) {
      free.push(connection);
      settle(request, 'not sent', now - meantAt);
      return;
    }
    const tally = options.tally(request.kind);
    if (meantAt < freeSince) tally.waited += 1;
    if (meantAt < now) recordMs(tally.lateness, now - Math.max(meantAt, freeSince));
    underWay += 1;
    connection.send(request.text, now, (outcome) => {
      const endedAt = performance.now();
      underWay -= 1;
      settle(request, outcome, endedAt - meantAt);
      if (typeof outcome === 'string')
        setTimeout(() => release(connection, performance.now()), restMs);
      else release(connection, endedAt);
    });
  }

  function sendDue(now: number): void {
    if (signal?.aborted) return;
    const due = pacer.due(now);
    while (sent < due && free.length > 0) {
      const meantAt = pacer.timeOf(sent, now);
      sent += 1;
      const connection = free.pop();
      if (connection !== undefined) sendOne(connection, meantAt, now);
    }
  }

  /** What waits for a connection when the signal comes is told as not sent: left out, it would hide that the service stood still. */
  function giveUpWaiting(now: number): void {
    const due = pacer.due(now);
    if (free.length > 0 || !Number.isFinite(due)) return;
    while (sent < due) {
      const meantAt = pacer.timeOf(sent, now);
      sent += 1;
      settle(options.next(now), 'not sent', now - meantAt);
    }
  }

  const isOver = (now: number) =>
    underWay === 0 && (signal?.aborted || (now >= endsAt && sent >= pacer.due(now)));

  async function run(): Promise<void> {
    let checkedAt = performance.now();
    let isEnding = false;
    for (;;) {
      const now = performance.now();
      sendDue(now);
      if (signal?.aborted && !isEnding) {
        isEnding = true;
        giveUpWaiting(now);
      }
      if (isOver(now)) break;
      if (now - checkedAt > timeoutCheckMs) {
        checkedAt = now;
        for (const connection of connections) connection.checkTimeout(now);
      }
      await wait(tickMs);
    }
    for (const connection of connections) connection.close();
  }

  return {
    get sent() {
      return sent;
    },
    done: run(),
  };
}
