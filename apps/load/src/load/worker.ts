import { parentPort, workerData } from 'node:worker_threads';
import type { LoadPlan } from './load-plan.ts';
import { runLoadThread } from './load-thread.ts';
import type { ThreadMessage } from './run-threads.ts';

/** One thread of `npm run load`: runs its part of the plan and tells of each second and of its end. Any message ends it early. */
const { plan, thread } = workerData as { plan: LoadPlan; thread: number };
const stop = new AbortController();
const tell = (message: ThreadMessage) => parentPort?.postMessage(message);
parentPort?.once('message', () => stop.abort());
// Once the run is over, nothing should keep the thread.
parentPort?.unref();

let before = performance.eventLoopUtilization();
const result = await runLoadThread(plan, thread, stop.signal, (tallies, seconds) => {
  const now = performance.eventLoopUtilization();
  const busy = performance.eventLoopUtilization(now, before).utilization;
  before = now;
  tell({ kind: 'second', tallies, seconds, busy });
});
tell({ kind: 'end', result });
