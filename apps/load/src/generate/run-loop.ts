import { type Pacer, pacedBy, unpaced } from './pacer.ts';
import { requestTexts } from './request-text.ts';
import { runFlow } from './run-flow.ts';
import { countSeconds } from './seconds.ts';
import { addTally, createTally, type Tally } from './tally.ts';

export interface LoopOptions {
  /** What is asked for, again and again. */
  url: string;
  connections: number;
  seconds: number;
  /** Added to the headers of a browser. */
  headers?: Readonly<Record<string, string>>;
  /** Default 10,000 ms. */
  timeoutMs?: number;
  /** Default true. */
  keepAlive?: boolean;
  /** Default: any from 200 to 399. */
  isExpected?: (status: number) => boolean;
}

export interface LoopResult {
  /** Of the whole run. */
  total: Tally;
  /** One after the other, each with its real length in seconds: the last one is shorter. */
  seconds: { tally: Tally; seconds: number }[];
}

/** Asks for one URL at a fixed rate (per second), whether or not earlier requests are answered, in this thread. */
export function runOpenLoop(options: LoopOptions & { rate: number }): Promise<LoopResult> {
  const { seconds, rate } = options;
  return runLoop(options, (now) => pacedBy([{ seconds, from: rate, to: rate }], now));
}

/** Asks for one URL as fast as answers come, in this thread. */
export function runClosedLoop(options: LoopOptions): Promise<LoopResult> {
  return runLoop(options, (now) => unpaced(now + options.seconds * 1_000));
}

async function runLoop(options: LoopOptions, pacerAt: (now: number) => Pacer): Promise<LoopResult> {
  const { connections, keepAlive = true, timeoutMs = 10_000, headers = {} } = options;
  const { isExpected = (status: number) => status >= 200 && status < 400 } = options;
  const url = new URL(options.url);
  const text = requestTexts(url, { keepAlive, headers })({ path: url.pathname + url.search });
  const request = { kind: 'all', text, isExpected };
  const result: LoopResult = { total: createTally(), seconds: [] };
  const seconds = countSeconds(({ all = createTally() }, length) => {
    result.seconds.push({ tally: all, seconds: length });
    addTally(result.total, all);
  });
  const startedAt = performance.now();
  const flow = runFlow({
    origin: url,
    connections,
    timeoutMs,
    keepAlive,
    pacer: pacerAt(startedAt),
    next: () => request,
    tally: seconds.tally,
    endsAt: startedAt + options.seconds * 1_000,
  });
  await flow.done;
  seconds.stop();
  return result;
}
