import { AppError } from '@shortstack/errors';
import type { JobContext, JobHandlers } from '@shortstack/queue';
import type { WorkLog } from './work-log.ts';
import { attemptsPerRun, type WorkJobs } from './work-queue.ts';

/** Does a job's work; resolves with what it did, in a few words, or null when there was nothing to do. */
export type ScheduledWork = (signal: AbortSignal) => Promise<string | null>;

/**
 * The handlers of all jobs. A run that an outage (kind `unavailable`) has defeated to its last try ends without a dead letter: the
 * schedule's next run does the same work, and nobody needs to replay this one. Every other failure is put aside.
 */
export function createHandlers(
  work: Record<keyof WorkJobs, ScheduledWork>,
  log: WorkLog,
): JobHandlers<WorkJobs> {
  const handle = (job: keyof WorkJobs) => async (_data: object, context: JobContext) => {
    try {
      log.note(job, await work[job](context.signal));
    } catch (error) {
      const isOutage = error instanceof AppError && error.kind === 'unavailable';
      if (!isOutage || context.attempt < attemptsPerRun) throw error;
    }
  };
  const jobs = Object.keys(work) as (keyof WorkJobs)[];
  return Object.fromEntries(jobs.map((job) => [job, handle(job)])) as JobHandlers<WorkJobs>;
}
