import { randomUUID } from 'node:crypto';
import { AppError } from '@shortstack/errors';
import type { JobsOptions } from 'bullmq';
import type { JobDefinition } from './define-queue.ts';

export interface AddOptions {
  /** Jobs with the same id run once while the first one is kept (see `retention`). Default: a random id. */
  jobId?: string | undefined;
  /** How long the job waits before its first try. Default 0. */
  delayMs?: number | undefined;
  /** W3C trace context of what asks for the job: kept with it, and handed to `around` of its worker. Default: none. */
  traceparent?: string | undefined;
}

/** How long finished jobs are kept: to drop duplicates by their id, and to look at. Whichever bound is met first. */
export const retention = {
  completed: { age: 3_600, count: 5_000 },
  failed: { age: 7 * 86_400, count: 1_000 },
};

/** Full jitter between 0 and a ceiling that doubles, so that the jobs of an outage don't return together. */
export function retryOptions(job: JobDefinition<unknown>) {
  return {
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: job.backoffMs, jitter: 1 },
  };
}

export function jobOptions(job: JobDefinition<unknown>, options: AddOptions): JobsOptions {
  const { jobId = randomUUID(), delayMs = 0, traceparent } = options;
  if (!/^(?!\d+$)[^:]+$/.test(jobId)) {
    // BullMQ keeps numbers for its own ids and splits its keys at colons.
    throw new AppError('invalid', 'JOB_ID_INVALID', 'A job id is not a number and has no colon.');
  }
  return {
    ...retryOptions(job),
    ...(traceparent !== undefined && { telemetry: { metadata: traceparent } }),
    jobId,
    delay: delayMs,
  };
}
