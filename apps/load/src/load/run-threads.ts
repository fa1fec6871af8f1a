import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Tallies } from '../generate/seconds.ts';
import { addTally, createTally } from '../generate/tally.ts';
import type { LoadPlan } from './load-plan.ts';
import type { ThreadResult } from './load-thread.ts';
import { type RunSecond, summarizeSecond } from './run-second.ts';

export type ThreadMessage =
  | { kind: 'second'; tallies: Tallies; seconds: number; busy: number }
  | { kind: 'end'; result: ThreadResult };

export interface RunResult {
  /** One after the other: the last ones only wait for what was under way. */
  seconds: RunSecond[];
  total: Tallies;
  threads: ThreadResult[];
}

/** What the threads have said of a second so far. */
interface OpenSecond {
  tallies: Tallies;
  seconds: number;
  busiest: number;
  reports: number;
}

/**
 * Runs a plan in worker threads of its own. `onSecond` is called with each second that all threads have ended, in order; of it figures
 * are kept, and no histograms, so that a run of hours takes no more memory than one of minutes. When the
 * signal comes, threads stop sending and wait for what is under way. If one fails, all end, and it rejects.
 */
export async function runThreads(
  plan: LoadPlan,
  signal: AbortSignal,
  onSecond: (second: RunSecond, number: number) => void,
): Promise<RunResult> {
  const total: Tallies = {};
  const seconds: RunSecond[] = [];
  const open: OpenSecond[] = [];

  function closeFirst(): void {
    const first = open.shift();
    if (first === undefined) return;
    addTallies(total, first.tallies);
    const second = summarizeSecond(first);
    seconds.push(second);
    onSecond(second, seconds.length);
  }
  function add(number: number, { tallies, seconds: length, busy }: SecondMessage): void {
    const at = number - seconds.length;
    open[at] ??= { tallies: {}, seconds: 0, busiest: 0, reports: 0 };
    const second = open[at];
    addTallies(second.tallies, tallies);
    second.seconds = Math.max(second.seconds, length);
    second.busiest = Math.max(second.busiest, busy);
    second.reports += 1;
    while (open[0]?.reports === plan.threads) closeFirst();
  }

  const workers = Array.from(
    { length: plan.threads },
    (_, thread) =>
      new Worker(new URL('./worker.ts', import.meta.url), { workerData: { plan, thread } }),
  );
  const stop = () => {
    for (const worker of workers) worker.postMessage('stop');
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const threads = await Promise.all(workers.map((worker) => resultOf(worker, add)));
    // Of a thread that had fewer seconds than the others.
    while (open.length > 0) closeFirst();
    return { seconds, total, threads };
  } finally {
    signal.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

type SecondMessage = Extract<ThreadMessage, { kind: 'second' }>;

async function resultOf(
  worker: Worker,
  onSecond: (number: number, message: SecondMessage) => void,
): Promise<ThreadResult> {
  let result: ThreadResult | undefined;
  let number = 0;
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'end') {
      result = message.result;
      return;
    }
    onSecond(number, message);
    number += 1;
  });
  await once(worker, 'exit');
  if (result === undefined) throw new Error('a thread of the generator ended early');
  return result;
}

function addTallies(into: Tallies, from: Tallies): void {
  for (const [kind, tally] of Object.entries(from)) {
    into[kind] ??= createTally();
    addTally(into[kind], tally);
  }
}
