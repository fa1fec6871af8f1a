import type { Job } from 'bullmq';
import type { JobMap } from './define-queue.ts';
import { jobOptions } from './job-options.ts';
import type { OpenQueue } from './open-queue.ts';
import { report } from './report.ts';

/** A job that failed for good. */
export interface DeadLetter {
  jobId: string;
  job: string;
  /** As it was added. */
  data: unknown;
  /** The message of the last error. */
  reason: string;
  attempts: number;
  /** ISO 8601. */
  failedAt: string;
}

/**
 * Stores a failed job among the dead letters and drops the oldest beyond `limit`. Repeatable: a job has one letter until it is replayed.
 * Three round trips.
 */
export async function bury(
  { queue, dead }: OpenQueue,
  job: Job,
  error: Error,
  limit: number,
): Promise<void> {
  const jobId = job.id ?? 'unknown';
  const letter: DeadLetter = {
    jobId,
    job: job.name,
    data: job.data,
    reason: error.message,
    attempts: job.attemptsStarted,
    failedAt: new Date().toISOString(),
  };
  await dead.add(job.name, letter, { jobId: letterId(job) });
  report('queue.jobs_dead', { queue: queue.name, job: job.name });
  // Found by their place behind the newest: to count them and then drop so many would drop too many when two do it at once.
  const excess = await dead.getJobs('waiting', limit, limit + 99, false);
  await Promise.all(excess.map(({ id }) => dead.remove(id ?? '')));
}

/** Removes the letter of a job that an operator has retried in its own queue and that has succeeded now. One round trip. */
export async function exhume({ dead }: OpenQueue, job: Job): Promise<void> {
  await dead.remove(letterId(job));
}

/** The oldest dead letters first. */
export async function readDeadLetters({ dead }: OpenQueue, limit: number): Promise<DeadLetter[]> {
  const letters = await dead.getWaiting(0, limit - 1);
  return letters.map((letter) => letter.data as DeadLetter);
}

/**
 * Puts the oldest dead letter back into its queue, under its old id and with its attempts counted afresh. The letter goes last: a crash
 * in between leaves it to be replayed again, which the id makes harmless. Resolves with whether there was one.
 */
export async function replayOldest({ queue, dead }: OpenQueue, jobs: JobMap): Promise<boolean> {
  const [letter] = await dead.getWaiting(0, 0);
  if (letter === undefined) return false;
  const { jobId, job, data } = letter.data as DeadLetter;
  const original = await queue.getJob(jobId);
  // BullMQ ignores an added job whose id is still known, and that of a failed job is.
  if (original !== undefined && (await original.isFailed())) await original.remove();
  const definition = jobs[job] ?? {
    validate: (value: unknown) => value,
    attempts: 1,
    backoffMs: 0,
  };
  await queue.add(job, data, jobOptions(definition, { jobId: withoutColons(jobId) }));
  await letter.remove();
  return true;
}

/** The time tells a replayed job from the one before, whose letter may still be there when it fails again. */
function letterId(job: Job): string {
  return `dead-${withoutColons(job.id ?? 'unknown')}-${job.timestamp}`;
}

/** Jobs of a schedule have ids with colons, which BullMQ refuses from anyone else. */
function withoutColons(jobId: string): string {
  return jobId.replaceAll(':', '-');
}
