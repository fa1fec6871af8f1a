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
}

/** Counts by state. Two round trips, O(1) each. */
export async function readStats({ queue, dead }: OpenQueue): Promise<QueueStats> {
  const [counts, deadCount] = await Promise.all([
    queue.getJobCounts('waiting', 'active', 'delayed', 'completed', 'failed'),
    dead.getWaitingCount(),
  ]);
  const count = (state: string) => counts[state] ?? 0;
  return {
    waiting: count('waiting'),
    active: count('active'),
    delayed: count('delayed'),
    completed: count('completed'),
    failed: count('failed'),
    dead: deadCount,
  };
}
