import type { HttpAnswer } from './http-client.ts';

/** A request that was not answered as was hoped for. */
export interface LoadFailure {
  /** When it was sent: ms since the epoch. */
  readonly sentAt: number;
  readonly reason: string;
}

export interface Load {
  readonly answered: number;
  /** Connections that nobody accepted, so that nothing was sent: the process was down, or just closing its listener. */
  readonly refused: number;
  /** Requests that met an idle connection which was just being closed, and were sent again on another, as any client does. */
  readonly reconnected: number;
  /** What went wrong otherwise: a request cut off, an error answered. */
  readonly failures: readonly LoadFailure[];
  /** The rate that was kept up so far, or until it was stopped. */
  readonly sentPerSecond: number;
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Sends one request. */
  send: (index: number) => Promise<HttpAnswer>;
  /** Whether the answer is what was hoped for. */
  isGood: (answer: HttpAnswer) => boolean;
  perSecond: number;
}

const TICK_MS = 5;

/** Sends requests at a steady rate, whether or not earlier ones are answered, and keeps account of what became of each. */
export function startLoad({ send, isGood, perSecond }: LoadOptions): Load {
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  let stoppedAt: number | undefined;
  let sent = 0;
  const load = {
    answered: 0,
    refused: 0,
    reconnected: 0,
    failures: [] as LoadFailure[],
    get sentPerSecond() {
      return sent / (((stoppedAt ?? performance.now()) - startedAt) / 1_000);
    },
    async stop() {
      clearInterval(timer);
      stoppedAt ??= performance.now();
      await Promise.all(open);
    },
  };

  async function one(index: number): Promise<void> {
    const sentAt = Date.now();
    const fail = (reason: string) => load.failures.push({ sentAt, reason });
    try {
      const answer = await send(index);
      if (isGood(answer)) load.answered += 1;
      else fail(`${answer.status} ${answer.text.slice(0, 200)}`);
    } catch (error) {
      const { code, syscall, onReusedSocket } = error as NodeJS.ErrnoException & {
        onReusedSocket?: boolean;
      };
      if (syscall === 'connect') load.refused += 1;
      else if (code === 'ECONNRESET' && onReusedSocket) {
        load.reconnected += 1;
        await one(index);
      } else fail(String(error));
    }
  }
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond;
    for (; sent < due; sent += 1) {
      const request = one(sent);
      open.add(request);
      void request.finally(() => open.delete(request));
    }
  }, TICK_MS);
  return load;
}
