import {
  createProducer,
  createQueueWorker,
  type JobHandlers,
  type JobMap,
  type Producer,
  type QueueDefinition,
  type QueueStats,
  type Schedule,
} from '@shortstack/queue';
import { checkAccess, readServerFigures } from '@shortstack/redis';
import type { DependencyProbe } from '@shortstack/server';
import {
  createSampler,
  observeQueues,
  observeRedisServers,
  type Sampler,
  traceJobs,
} from '@shortstack/telemetry';
import type { OpenProcess } from './open-process.ts';
import { type OpenBoard, queueBoard } from './queue-board.ts';

export interface OpenQueueOptions<Jobs extends JobMap> {
  /** Of the service's own Redis. */
  url: string;
  queue: QueueDefinition<Jobs>;
  handlers: JobHandlers<Jobs>;
  /** Default: none, and those of an older version are removed. */
  schedules?: readonly Schedule<Jobs>[];
}

export interface OpenQueue<Jobs extends JobMap> {
  producer: Producer<Jobs>;
  /** Read each few seconds. */
  stats: Sampler<QueueStats>;
  /** For readiness. */
  probe: DependencyProbe;
  /** For `listenInternally`. */
  board: OpenBoard;
}

/**
 * The queue of a jobs process on the Redis of its service's own, until the process ends: takes its jobs, with metrics of the queue and
 * of that server. Rejects as `checkAccess` of the Redis package does; while the server is away, the queue waits for it.
 */
export async function openQueue<Jobs extends JobMap>(
  process: OpenProcess,
  { url, queue, handlers, schedules = [] }: OpenQueueOptions<Jobs>,
): Promise<OpenQueue<Jobs>> {
  const { service, tls, life, logger, metrics, tracing } = process;
  const redis = process.connect('jobs', url);
  life.onClose(
    'server figures',
    observeRedisServers(metrics, {
      [`jobs-${service}`]: () => readServerFigures(redis, { logs: true }),
    }),
  );
  await checkAccess(redis, ['exists', `{${service}}:trial`]);
  const producer = createProducer({ url, tls, service, queue });
  life.onClose('producer', () => producer.close());
  const worker = createQueueWorker({
    ...{ url, tls, service, queue, handlers, schedules },
    around: traceJobs(tracing),
    onError: (err, job) =>
      logger.warn({ err, job }, job ? 'a job failed' : 'the queue is interrupted'),
  });
  life.onClose('worker', () => worker.close());
  const stats = createSampler(() => producer.stats());
  life.onClose('queue sampler', () => stats.close());
  observeQueues(metrics, { [producer.name]: () => stats.latest() });
  return {
    producer,
    stats,
    board: queueBoard(process, url, [producer]),
    probe: {
      name: 'redis-jobs',
      required: true,
      probe: async () => void (await producer.stats()),
      breaker: () => producer.breaker.state,
      calls: () => producer.breaker.calls,
    },
  };
}
