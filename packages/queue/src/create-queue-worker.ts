import { setTimeout as delay } from 'node:timers/promises';
import { checkServerPolicy, connectRedis, type RedisTarget } from '@shortstack/redis';
import { type Job, Worker } from 'bullmq';
import { bury, exhume } from './dead-letters.ts';
import type { JobMap, QueueDefinition } from './define-queue.ts';
import { retention } from './job-options.ts';
import { openQueue, queuePrefix } from './open-queue.ts';
import { type QueueStats, readStats } from './read-stats.ts';
import { reconcileSchedules, type Schedule } from './reconcile-schedules.ts';
import { report } from './report.ts';
import { type AroundJob, createJobRunner, type JobHandlers } from './run-job.ts';

/** With `url` and `tls` of the jobs Redis. */
export interface QueueWorkerOptions<Jobs extends JobMap> extends RedisTarget {
  /** Owner of the queue: all keys begin with `{service}`. */
  service: string;
  queue: QueueDefinition<Jobs>;
  handlers: JobHandlers<Jobs>;
  /** All schedules of this queue; others are removed. Checked at the start and each minute, so an emptied Redis gets them back. Default: left alone. */
  schedules?: readonly Schedule<Jobs>[];
  /** Jobs in hand at once. Default 5. */
  concurrency?: number;
  /** At most `max` jobs are begun in `perMs`, by all workers of the queue together; the others wait in it. Default: no limit. */
  rateLimit?: { max: number; perMs: number };
  /** How long `close` waits for the jobs in hand. Default 20,000; `close` takes at most 3 s more. */
  drainTimeoutMs?: number;
  /** After how long a job of a dead process may be taken by another one; up to twice that passes. Default 30,000. */
  lockMs?: number;
  /** The oldest dead letters beyond this many are dropped. Default 10,000. */
  maxDeadLetters?: number;
  /** Default: each try just runs. */
  around?: AroundJob;
  /** For the log: a job's failure (with the job), or trouble of the worker itself. */
  onError?: (error: Error, job?: { id: string; name: string; attempt: number }) => void;
}

export interface QueueWorker {
  /** Resolves once jobs are taken. Rejects with kind `internal`, code `REDIS_POLICY_REFUSED`, on a server that may evict keys: none are taken there. */
  ready(): Promise<void>;
  /** Waits for Redis as long as it takes. Two round trips. */
  stats(): Promise<QueueStats>;
  /** Takes no more jobs and waits for those in hand; those that don't finish in time go back to the queue. Safe to call twice. */
  close(): Promise<void>;
}

const reconcileEveryMs = 60_000;
/** A job that kills its process each time has to end somewhere; one interrupted by a few deploys must not. */
const maxStalledCount = 10;

/**
 * Takes jobs from a queue, each at least once. While Redis is away it waits, and goes on when it is back.
 * @see https://docs.bullmq.io/guide/workers/stalled-jobs
 */
export function createQueueWorker<Jobs extends JobMap>(
  options: QueueWorkerOptions<Jobs>,
): QueueWorker {
  const { url, tls, service, queue: definition, handlers, schedules, rateLimit } = options;
  const { concurrency = 5, drainTimeoutMs = 20_000, lockMs = 30_000 } = options;
  const { maxDeadLetters = 10_000, onError = () => {} } = options;
  const { name: queueName, jobs } = definition;
  const connection = connectRedis({ url, tls, name: 'jobs', preset: 'patient' });
  const open = openQueue(connection, service, queueName, onError);
  const unsettled = new Set<Promise<void>>();
  const runner = createJobRunner({
    jobs,
    handlers,
    around: options.around,
    bury: (job, error) => bury(open, job, error, maxDeadLetters),
  });
  const worker = new Worker(queueName, (job, token) => runner.run(job, token), {
    connection: connection.client,
    prefix: queuePrefix(service),
    autorun: false,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    maxStalledCount,
    ...(rateLimit === undefined
      ? {}
      : { limiter: { max: rateLimit.max, duration: rateLimit.perMs } }),
    removeOnComplete: retention.completed,
    removeOnFail: retention.failed,
  });
  worker.on('error', (error) => {
    report('queue.worker_errors', { queue: queueName });
    onError(error);
  });
  worker.on('completed', (job) => {
    report('queue.jobs_completed', { queue: queueName, job: job.name });
    if (job.attemptsStarted > 1) settle(exhume(open, job));
  });
  worker.on('stalled', () => report('queue.jobs_stalled', { queue: queueName }));
  worker.on('failed', (job, error) => failed(job, error));

  let reconcileTimer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  const started = start();
  started.catch((error: Error) => {
    if (closing === undefined) onError(error);
  });

  async function start() {
    await checkServerPolicy(connection, {
      maxmemoryPolicy: 'noeviction',
      appendonly: true,
      refuseEviction: true,
    });
    if (schedules !== undefined) await reconcileSchedules(open.queue, jobs, schedules);
    if (closing !== undefined) return;
    if (schedules !== undefined)
      reconcileTimer = setInterval(reconcile, reconcileEveryMs, schedules);
    worker.run().catch(onError);
    await worker.waitUntilReady();
  }

  function reconcile(wanted: readonly Schedule<Jobs>[]) {
    reconcileSchedules(open.queue, jobs, wanted).catch(onError);
  }

  function failed(job: Job | undefined, error: Error) {
    report('queue.jobs_failed', { queue: queueName, job: job?.name ?? 'unknown' });
    if (job === undefined) return onError(error);
    onError(error, { id: job.id ?? '', name: job.name, attempt: job.attemptsMade });
    // A job that stalled too often fails without having been run, so nobody has buried it yet.
    if (job.finishedOn === undefined) return;
    settle(bury(open, job, error, maxDeadLetters));
  }

  /** Lets `close` wait for it. */
  function settle(work: Promise<void>) {
    const settled = work.catch(onError).finally(() => unsettled.delete(settled));
    unsettled.add(settled);
  }

  async function close() {
    clearInterval(reconcileTimer);
    const drained = worker.close();
    if (!(await within(drainTimeoutMs, drained))) {
      await within(1_000, runner.giveBack());
      await within(1_000, drained);
    }
    await within(1_000, Promise.all(unsettled));
    await connection.close();
  }

  return {
    ready: () => started,
    stats: () => readStats(open),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Whether the work was done in time. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  const cancel = new AbortController();
  const done = work.then(() => true);
  const late = delay(timeoutMs, false, { signal: cancel.signal }).catch(() => false);
  try {
    return await Promise.race([done, late]);
  } finally {
    cancel.abort();
  }
}
