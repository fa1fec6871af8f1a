import { AppError, unavailable } from '@shortstack/errors';
import {
  type CircuitBreaker,
  checkServerPolicy,
  connectRedis,
  type RedisTarget,
} from '@shortstack/redis';
import { addFlow } from './add-flow.ts';
import { type DeadLetter, readDeadLetters, replayOldest } from './dead-letters.ts';
import type { JobData, JobMap, JobName, QueueDefinition } from './define-queue.ts';
import { type AddOptions, jobOptions } from './job-options.ts';
import { openFlows, openQueue } from './open-queue.ts';
import { type QueueStats, readStats } from './read-stats.ts';
import { report } from './report.ts';

/** BullMQ slows down above 1,000 jobs per call; half of that fits well into one command timeout. */
const bulkChunk = 500;

/** With `url` and `tls` of the jobs Redis. */
export interface ProducerOptions<Jobs extends JobMap> extends RedisTarget {
  /** Owner of the queue: all keys begin with `{service}`. */
  service: string;
  queue: QueueDefinition<Jobs>;
  /** How long any call waits for Redis. Default 200. */
  timeoutMs?: number;
}

/** One job of a bulk; which data it needs follows from its name. */
export type NewJob<Jobs extends JobMap> = {
  [Name in JobName<Jobs>]: { job: Name; data: JobData<Jobs, Name> } & AddOptions;
}[JobName<Jobs>];

/**
 * The side of a queue that requests use: it answers fast or fails fast. Unless said otherwise, every method rejects with an `AppError` of kind
 * `unavailable`, code `QUEUE_UNAVAILABLE`, within `timeoutMs` when Redis is hung, and at once when it is away.
 */
export interface Producer<Jobs extends JobMap> {
  /** The queue's name. */
  readonly name: string;
  /** For readiness and metrics. */
  readonly breaker: CircuitBreaker;
  /**
   * Resolves once connected. Rejects with `QUEUE_UNAVAILABLE` after `timeoutMs` (default 10,000), and with kind `internal`, code
   * `REDIS_POLICY_REFUSED`, when the server may evict keys.
   */
  ready(timeoutMs?: number): Promise<void>;
  /**
   * Adds a job; resolves with its id. A job whose id is still known is not added again. A job that could not be added in time may still
   * appear later: give it an id to make repeating safe. Throws `JOB_ID_INVALID` for an id that is a number or has a colon.
   */
  add<Name extends JobName<Jobs>>(
    job: Name,
    data: JobData<Jobs, Name>,
    options?: AddOptions,
  ): Promise<string>;
  /** Adds many jobs in chunks of 500, one round trip each. When it rejects, earlier chunks have been added: use ids. */
  addBulk(jobs: readonly NewJob<Jobs>[]): Promise<string[]>;
  /**
   * Adds a parent that runs once all of its children (1,500 at most) have ended, be it that some failed for good: `context.children()`
   * tells it. All or none are added, in one round trip. With ids it may be repeated: what is known stays, what was lost comes back.
   * Throws `FLOW_TOO_LARGE`.
   */
  addFlow(parent: NewJob<Jobs>, children: readonly NewJob<Jobs>[]): Promise<string>;
  /** Whether a job with this id is there, waiting, running or kept. One round trip. */
  knows(jobId: string): Promise<boolean>;
  /** Two round trips; while jobs wait, four. */
  stats(): Promise<QueueStats>;
  /** The oldest dead letters, at most `limit` (default 100). */
  deadLetters(limit?: number): Promise<DeadLetter[]>;
  /** Puts up to `limit` (default 100) dead letters back into the queue, oldest first; resolves with how many. Some five round trips each. */
  replayDeadLetters(limit?: number): Promise<number>;
  close(): Promise<void>;
}

/** Opens a queue for adding jobs. Connects in the background; until then calls are refused at once (see `ready`). */
export function createProducer<Jobs extends JobMap>(
  options: ProducerOptions<Jobs>,
): Producer<Jobs> {
  const { url, tls, service, queue: definition, timeoutMs = 200 } = options;
  const { jobs } = definition;
  const connection = connectRedis({ url, tls, name: 'jobs', commandTimeoutMs: timeoutMs });
  // The connection reports its errors itself.
  const open = openQueue(connection, service, definition.name, () => {});
  const flows = openFlows(connection, service);

  async function bounded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await connection.run(work);
    } catch (error) {
      throw asQueueUnavailable(error, definition.name);
    }
  }

  return {
    name: definition.name,
    breaker: connection.breaker,
    async ready(waitMs) {
      try {
        await connection.ready(waitMs);
        await checkServerPolicy(connection, {
          maxmemoryPolicy: 'noeviction',
          appendonly: true,
          refuseEviction: true,
        });
      } catch (error) {
        throw asQueueUnavailable(error, definition.name);
      }
    },
    async add(job, data, addOptions = {}) {
      const stored = jobOptions(definitionOf(jobs, job), addOptions);
      await bounded(() => open.queue.add(job, data, stored));
      report('queue.jobs_added', { queue: definition.name, job });
      return stored.jobId ?? '';
    },
    async addBulk(newJobs) {
      const prepared = newJobs.map(({ job, data, ...addOptions }) => ({
        name: job,
        data,
        opts: jobOptions(definitionOf(jobs, job), addOptions),
      }));
      for (let from = 0; from < prepared.length; from += bulkChunk) {
        const chunk = prepared.slice(from, from + bulkChunk);
        await bounded(() => open.queue.addBulk(chunk));
        report('queue.jobs_added', { queue: definition.name, job: 'bulk' }, chunk.length);
      }
      return prepared.map(({ opts }) => opts.jobId ?? '');
    },
    async addFlow(parent, children) {
      const member = ({ job, data, ...addOptions }: NewJob<Jobs>) => ({
        ...{ job, data, options: addOptions },
        definition: definitionOf(jobs, job),
      });
      const [root, leaves] = [member(parent), children.map(member)];
      const id = await bounded(() => addFlow(flows, definition.name, root, leaves));
      report('queue.jobs_added', { queue: definition.name, job: 'flow' }, children.length + 1);
      return id;
    },
    knows: (jobId) => bounded(async () => (await open.queue.getJob(jobId)) !== undefined),
    stats: () => bounded(() => readStats(open)),
    deadLetters: (limit = 100) => bounded(() => readDeadLetters(open, limit)),
    async replayDeadLetters(limit = 100) {
      // Those that fail again meanwhile are for the next call.
      const most = Math.min(limit, await bounded(() => open.dead.getWaitingCount()));
      let replayed = 0;
      while (replayed < most && (await bounded(() => replayOldest(open, jobs)))) replayed += 1;
      return replayed;
    },
    async close() {
      await connection.close();
    },
  };
}

function definitionOf<Jobs extends JobMap>(jobs: Jobs, name: JobName<Jobs>) {
  const definition = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (definition === undefined) {
    throw new AppError('internal', 'JOB_UNKNOWN', `The queue has no job named ${name}.`);
  }
  return definition;
}

function asQueueUnavailable(error: unknown, queue: string): unknown {
  if (!(error instanceof AppError) || error.kind !== 'unavailable') return error;
  return unavailable('QUEUE_UNAVAILABLE', `The queue ${queue} is not available at the moment.`, {
    cause: error,
  });
}
