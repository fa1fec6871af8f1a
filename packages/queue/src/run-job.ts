import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { JobData, JobMap, JobName } from './define-queue.ts';
import { permanent } from './permanent.ts';

/** What a handler knows and may do besides its data. */
export interface JobContext {
  id: string;
  /** 1 for the first try. */
  attempt: number;
  /** Aborts when the worker can wait no longer at shutdown: the job goes back to the queue, whatever the handler does then. */
  signal: AbortSignal;
  /** Stores how far the job is (percent, or an object), for operators to see. One round trip. */
  progress: (value: number | object) => Promise<void>;
  /** For the parent of a flow: how its children ended. One round trip. */
  children: () => Promise<{ completed: number; failed: number }>;
}

/**
 * One handler per job of the queue. It resolves when the work is done; it may run more than once for a job (a crash, a restart, a shutdown),
 * so its effects must be repeatable. Throws `permanent(…)` when trying again can't help.
 */
export type JobHandlers<Jobs extends JobMap> = {
  [Name in JobName<Jobs>]: (data: JobData<Jobs, Name>, context: JobContext) => Promise<void>;
};

/**
 * Runs one try of a job, `work`, for example in a span. Calls it once and passes its outcome on. `traceparent` is what the job was
 * added with.
 */
export type AroundJob = (
  job: { queue: string; name: string; id: string; attempt: number; traceparent?: string },
  work: () => Promise<void>,
) => Promise<void>;

interface RunningJob {
  job: Job;
  token: string;
  controller: AbortController;
}

/** Runs jobs and knows those in hand, so that they can be given back. */
export function createJobRunner<Jobs extends JobMap>(options: {
  jobs: Jobs;
  handlers: JobHandlers<Jobs>;
  around?: AroundJob | undefined;
  /** Called before a job fails for good; the job isn't marked as failed until it resolves. */
  bury: (job: Job, error: Error) => Promise<void>;
}) {
  const running = new Map<string, RunningJob>();

  async function handle(job: Job, signal: AbortSignal): Promise<void> {
    const { jobs } = options;
    // During a rolling restart another process may know it: retried, not buried.
    if (!Object.hasOwn(jobs, job.name)) throw new Error(`Unknown job ${job.name}`);
    const name = job.name as JobName<Jobs>;
    const data = validated(jobs, name, job.data);
    await options.handlers[name](data, {
      id: job.id ?? '',
      attempt: job.attemptsMade + 1,
      signal,
      progress: (value) => job.updateProgress(value),
      async children() {
        const { processed = 0, ignored = 0 } = await job.getDependenciesCount({
          processed: true,
          ignored: true,
        });
        return { completed: processed, failed: ignored };
      },
    });
  }

  function handleInside(job: Job, signal: AbortSignal): Promise<void> {
    const { around } = options;
    if (around === undefined) return handle(job, signal);
    const { queueName: queue, name, id = '', attemptsMade, opts } = job;
    const traceparent = opts.telemetry?.metadata;
    const about = { queue, name, id, attempt: attemptsMade + 1 };
    return around({ ...about, ...(traceparent && { traceparent }) }, () => handle(job, signal));
  }

  return {
    /** The processor for BullMQ. */
    async run(job: Job, token = ''): Promise<void> {
      const id = job.id ?? '';
      const controller = new AbortController();
      running.set(id, { job, token, controller });
      const failure = await handleInside(job, controller.signal).then(() => undefined, asError);
      // Given back meanwhile: its lock is gone, and so is the right to complete or fail it.
      if (!running.delete(id)) throw new WaitingError();
      if (failure === undefined) return;
      // Before BullMQ marks it as failed: a crash in between repeats the job instead of losing the letter.
      if (isFinal(job, failure)) await options.bury(job, failure);
      throw failure;
    },
    /** Puts the jobs in hand back to the head of the queue, without costing them an attempt. */
    async giveBack(): Promise<number> {
      const jobs = [...running.values()];
      running.clear();
      await Promise.allSettled(
        jobs.map(({ job, token, controller }) => {
          controller.abort(new Error('The worker is shutting down'));
          return job.moveToWait(token);
        }),
      );
      return jobs.length;
    },
  };
}

function validated<Jobs extends JobMap, Name extends JobName<Jobs>>(
  jobs: Jobs,
  name: Name,
  data: unknown,
): JobData<Jobs, Name> {
  try {
    return jobs[name]?.validate(data) as JobData<Jobs, Name>;
  } catch (error) {
    throw permanent(`Invalid data: ${asError(error).message}`, error);
  }
}

function isFinal(job: Job, error: Error): boolean {
  const attempts = job.opts.attempts ?? 1;
  return error instanceof UnrecoverableError || job.attemptsMade + 1 >= attempts;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
