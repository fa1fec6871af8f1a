import type { Job } from 'bullmq';
import type { OpenQueue } from './open-queue.ts';

/** How many jobs of a queue are in each state at the moment. */
export interface QueueStats {
  waiting: number;
  active: number;
  /** Waiting for their time or for their next try. */
  delayed: number;
  /** Kept, see the README. */
  completed: number;
  /** Kept, see the README. */
  failed: number;
  /** Dead letters: failed for good and not replayed. */
  dead: number;
  /** How long the job that is next has been due; 0 without any. */
  oldestWaitingSeconds: number;
}

/** Counts by state: two round trips at once, O(1) each; while jobs wait, two more for the age of the first. */
export async function readStats({ queue, dead }: OpenQueue): Promise<QueueStats> {
  const [counts, deadCount] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed'),
    dead.getWaitingCount(),
  ]);
  const count = (state: string) => counts[state] ?? 0;
  const [oldest] = count('waiting') === 0 ? [] : await queue.getWaiting(0, 0);
  return {
    waiting: count('waiting'),
    active: count('active'),
    delayed: count('delayed'),
    completed: count('completed'),
    failed: count('failed'),
    dead: deadCount,
    oldestWaitingSeconds: oldest === undefined ? 0 : dueSeconds(oldest),
  };
}

/** A scheduled job is added when the one before has run, long before it is due. */
function dueSeconds({ timestamp, opts }: Job): number {
  return Math.max(0, Date.now() - timestamp - (opts.delay ?? 0)) / 1_000;
}
