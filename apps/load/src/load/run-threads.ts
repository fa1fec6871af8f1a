import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Tallies } from '../generate/seconds.ts';
import { addTally, createTally } from '../generate/tally.ts';
import type { LoadPlan } from './load-plan.ts';
import type { ThreadResult } from './load-thread.ts';

export type ThreadMessage =
  | { kind: 'second'; tallies: Tallies; seconds: number; busy: number }
  | { kind: 'end'; result: ThreadResult };

/** One second of a run, of all threads together. */
export interface RunSecond {
  tallies: Tallies;
  /** Its real length: the last one is shorter. */
  seconds: number;
  /** Of the busiest thread, how much of the time its event loop was busy, 0 to 1. */
  busiest: number;
}

export interface RunResult {
  seconds: RunSecond[];
  total: Tallies;
  threads: ThreadResult[];
}

/**
 * Runs a plan in worker threads of its own. `onSecond` is called with each second that all threads have ended, in order. When the
 * signal comes, threads stop sending and wait for what is under way.
 */
export async function runThreads(
  plan: LoadPlan,
  signal: AbortSignal,
  onSecond: (second: RunSecond, number: number) => void,
): Promise<RunResult> {
  const seconds: (RunSecond & { reports: number })[] = [];
  let told = 0;

  function add(number: number, tallies: Tallies, length: number, busy: number): void {
    seconds[number] ??= { tallies: {}, seconds: 0, busiest: 0, reports: 0 };
    const second = seconds[number];
    addTallies(second.tallies, tallies);
    second.seconds = Math.max(second.seconds, length);
    second.busiest = Math.max(second.busiest, busy);
    second.reports += 1;
    for (; seconds[told]?.reports === plan.threads; told += 1) {
      onSecond(seconds[told] ?? second, told + 1);
    }
  }

  const threads = await Promise.all(
    Array.from({ length: plan.threads }, (_, thread) => runThread(plan, thread, signal, add)),
  );
  const total: Tallies = {};
  for (const { tallies } of seconds) addTallies(total, tallies);
  return { seconds, total, threads };
}

async function runThread(
  plan: LoadPlan,
  thread: number,
  signal: AbortSignal,
  add: (number: number, tallies: Tallies, seconds: number, busy: number) => void,
): Promise<ThreadResult> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { plan, thread },
  });
  let result: ThreadResult | undefined;
  let number = 0;
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'end') {
      result = message.result;
      return;
    }
    add(number, message.tallies, message.seconds, message.busy);
    number += 1;
  });
  const stop = () => worker.postMessage('stop');
  signal.addEventListener('abort', stop);
  try {
    await once(worker, 'exit');
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (result === undefined) throw new Error(`thread ${thread} of the generator ended early`);
  return result;
}

function addTallies(into: Tallies, from: Tallies): void {
  for (const [kind, tally] of Object.entries(from)) {
    into[kind] ??= createTally();
    addTally(into[kind], tally);
  }
}
