import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface ClickLoad {
  /** Ids of all requests that may have reached the server. */
  readonly sent: ReadonlySet<string>;
  /** Those of which a complete redirect came back. */
  readonly acknowledged: ReadonlySet<string>;
  /** Stops sending, and resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

export interface ClickLoadOptions {
  url: string;
  slugs: readonly string[];
  perSecond: number;
  /** From 0 to below 1. */
  random: () => number;
}

const tickMs = 10;
const maxInFlight = 400;
const userAgents = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'curl/8.5.0',
];

/**
 * Follows links at a steady rate over 50 connections, each request with an id of its own and sent once. While the server is
 * away requests fail and the rate goes on; past `maxInFlight` they are left out.
 */
export function startClickLoad({ url, slugs, perSecond, random }: ClickLoadOptions): ClickLoad {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  let inFlight = 0;
  let issued = 0;
  const startedAt = performance.now();
  let onIdle: (() => void) | undefined;

  function oneOf<T>(values: readonly T[]): T {
    return values[Math.floor(random() * values.length)] as T;
  }

  function follow(): void {
    const id = randomUUID();
    sent.add(id);
    inFlight += 1;
    const headers = { 'x-request-id': id, 'user-agent': oneOf(userAgents) };
    const path = `/${oneOf(slugs)}`;
    const outgoing = request({ hostname, port, path, headers, agent, timeout: 10_000 });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => undefined);
    outgoing.on('response', (answer) => {
      answer.on('error', () => undefined);
      answer.on('end', () => {
        if (answer.complete && answer.statusCode === 302) acknowledged.add(id);
      });
      answer.resume();
    });
    outgoing.on('close', () => {
      inFlight -= 1;
      if (inFlight === 0) onIdle?.();
    });
    outgoing.end();
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; issued < due; issued += 1) if (inFlight < maxInFlight) follow();
  }, tickMs);

  return {
    sent,
    acknowledged,
    async stop() {
      clearInterval(timer);
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      agent.destroy();
    },
  };
}
