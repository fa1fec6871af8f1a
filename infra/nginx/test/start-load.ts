import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { exchange } from './http-exchange.ts';

export interface Load {
  /** Requests that were answered with 200. */
  readonly answered: number;
  /** The most requests that were under way at once. May be set back. */
  mostOpen: number;
  /** What became of the others. */
  readonly failures: readonly Failure[];
  /** Waits for requests that are still open. */
  stop(): Promise<void>;
}

interface Failure {
  /** Of the request. */
  id: string;
  /** When the request was sent, and when it had failed, as `performance.now()`. */
  sentAt: number;
  failedAt: number;
  reason: string;
}

const connections = 50;
const tickMs = 10;

/** Sends requests at a steady pace over kept connections, each with an id of its own (`<idPrefix><n>`). */
export function startLoad(url: string, perSecond: number, idPrefix: string, method = 'GET'): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const stopping = new AbortController();
  const open = new Set<Promise<void>>();
  const load = { answered: 0, mostOpen: 0, failures: [] as Failure[] };

  async function send(index: number): Promise<void> {
    const sentAt = performance.now();
    const id = `${idPrefix}${index}`;
    const fail = (reason: string) =>
      void load.failures.push({ id, sentAt, failedAt: performance.now(), reason });
    try {
      const answer = await exchange(url, { method, agent, headers: { 'x-request-id': id } });
      if (answer.status === 200) load.answered += 1;
      else fail(`${answer.status} ${answer.text}`);
    } catch (error) {
      fail(String(error));
    }
  }

  async function run(): Promise<void> {
    const start = performance.now();
    let sent = 0;
    while (!stopping.signal.aborted) {
      const due = ((performance.now() - start) / 1_000) * perSecond;
      for (; sent < due; sent += 1) {
        const request = send(sent);
        open.add(request);
        load.mostOpen = Math.max(load.mostOpen, open.size);
        void request.finally(() => open.delete(request));
      }
      await pause(tickMs);
    }
    await Promise.all(open);
    agent.destroy();
  }
  const running = run();
  return Object.assign(load, {
    stop() {
      stopping.abort();
      return running;
    },
  });
}
