import { setTimeout as pause } from 'node:timers/promises';
import type { HttpAnswer } from './http-client.ts';

export interface Load {
  readonly answered: number;
  /** Connections that nobody accepted: the process was down. */
  readonly refused: number;
  /** What went wrong otherwise: a request cut off, an error answered. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Sends one request. */
  send: (index: number) => Promise<HttpAnswer>;
  /** Whether the answer is what was hoped for. */
  isGood: (answer: HttpAnswer) => boolean;
  /** Between two requests, whether or not the first is answered. */
  everyMs: number;
}

/** Sends requests at a steady pace until it is stopped, and keeps account of what became of each. */
export function startLoad({ send, isGood, everyMs }: LoadOptions): Load {
  const stopping = new AbortController();
  const open = new Set<Promise<void>>();
  const load = { answered: 0, refused: 0, failures: [] as string[] };

  async function one(index: number): Promise<void> {
    try {
      const answer = await send(index);
      if (isGood(answer)) load.answered += 1;
      else load.failures.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    } catch (error) {
      const { code, onReusedSocket } = error as { code?: string; onReusedSocket?: boolean };
      if (code === 'ECONNREFUSED') load.refused += 1;
      // The server closed an idle connection when the client was taking it again: any client takes another one.
      else if (code === 'ECONNRESET' && onReusedSocket) await one(index);
      else load.failures.push(String(error));
    }
  }
  async function run(): Promise<void> {
    for (let index = 0; !stopping.signal.aborted; index += 1) {
      const request = one(index);
      open.add(request);
      void request.finally(() => open.delete(request));
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
    await Promise.all(open);
  }
  const running = run();
  return Object.assign(load, {
    async stop() {
      stopping.abort();
      await running;
    },
  });
}
