import { redisKeys, redisTrials } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { createConsumer, createOutboxRelay, createPublisher } from '@shortstack/events';
import { createProducer, createQueueWorker } from '@shortstack/queue';
import { checkAccess, readServerFigures } from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import {
  createSampler,
  observePools,
  observeQueues,
  observeRedisServers,
  type SpanExporter,
  traceEvents,
  traceJobs,
  tracePublish,
} from '@shortstack/telemetry';
import { listenInternally, openProcess, probeRedis } from '@shortstack/wiring';
import { queueBoard } from '@shortstack/wiring/jobs';
import type { JobsConfig } from './config.ts';
import { createGuardedDatabase } from './data/guarded-database.ts';
import { createOutboxBell } from './data/outbox.ts';
import { readOutboxLag } from './data/outbox-lag.ts';
import { createRelayOutbox } from './data/relay-outbox.ts';
import { workQueue } from './jobs/work-queue.ts';
import { observeJobs } from './observe-jobs.ts';
import { openImportJobs } from './open-import-jobs.ts';
import { openMetadataJobs } from './open-metadata-jobs.ts';
import { type OutgoingRules, publicInternet } from './outgoing/outgoing-rules.ts';

/**
 * Opens the jobs process of create: the outbox relay and the reading of target pages. What is opened first is closed last.
 *
 * @param outgoing where pages may be read from. Default: the public internet.
 * @param exporter takes spans. Default: the collector, if there is one.
 */
export async function startJobs(
  config: JobsConfig,
  life: ProcessLife,
  outgoing: OutgoingRules = publicInternet(),
  exporter?: SpanExporter,
): Promise<{ internalUrl: string }> {
  const process = openProcess({ service: 'create', process: 'jobs', config, life, exporter });
  const { instanceId, hub, tls, logger, metrics, tracing } = process;
  const jobs = process.connect('jobs', config.REDIS_JOBS_URL);
  life.onClose(
    'server figures',
    observeRedisServers(metrics, {
      hub: () => readServerFigures(hub),
      'jobs-create': () => readServerFigures(jobs, { logs: true }),
    }),
  );
  const database = createGuardedDatabase({
    url: config.DATABASE_URL,
    applicationName: instanceId,
    maxConnections: config.DATABASE_POOL_SIZE,
    onError: (err) => logger.warn({ err }, 'an idle PostgreSQL connection broke'),
  });
  life.onClose('database', () => database.close());
  observePools(metrics, { main: database.connections });
  // A hub that is there spares the relay a failed first round.
  await Promise.all([
    checkAccess(hub, redisTrials.hub),
    checkAccess(jobs, ['exists', '{create}:trial']),
    database.checkAccess(),
  ]);
  const bell = createOutboxBell(database);
  life.onClose('outbox bell', () => bell.close());

  const outbox = createRelayOutbox({
    url: config.DATABASE_URL,
    applicationName: `${instanceId} relay`,
  });
  life.onClose('relay session', () => outbox.close());
  const publisher = createPublisher({ redis: hub, stream: redisKeys.events });
  const relay = createOutboxRelay({
    outbox,
    publisher: { ...publisher, publish: tracePublish(tracing, publisher.publish) },
    wake: (listener) => outbox.wake(listener),
    onError: (err) => logger.warn({ err }, 'the relay met trouble; trying again'),
  });
  life.onClose('relay', () => relay.close());

  const queue = { url: config.REDIS_JOBS_URL, tls, service: 'create', queue: workQueue };
  const producer = createProducer({ ...queue, timeoutMs: 1_000 });
  life.onClose('producer', () => producer.close());
  const queueStats = createSampler(() => producer.stats());
  life.onClose('queue sampler', () => queueStats.close());
  const metadata = openMetadataJobs({
    config,
    database,
    bell,
    producer,
    queueStats,
    outgoing,
    metrics,
    logger,
  });
  const worker = createQueueWorker({
    ...queue,
    handlers: {
      ...metadata.handlers,
      // `turbo gen job` adds jobs above this line.
    },
    around: traceJobs(tracing),
    // Together with the worker of imports below 25 s.
    drainTimeoutMs: 10_000,
    rateLimit: { max: config.PAGES_PER_SECOND, perMs: 1_000 },
    onError: (err, job) => {
      // The web is full of pages that don't answer.
      const isOurs = !(err instanceof AppError) || err.code !== 'PAGE_UNREACHABLE';
      logger[isOurs ? 'warn' : 'debug'](
        { err, job },
        job ? 'a job failed' : 'the queue is interrupted',
      );
    },
  });
  life.onClose('worker', () => worker.close());
  const imports = openImportJobs({ config, database, bell, logger, life });
  const importStats = createSampler(() => imports.stats());
  life.onClose('import sampler', () => importStats.close());
  const consumer = createConsumer({
    url: config.REDIS_HUB_URL,
    tls,
    stream: redisKeys.events,
    group: 'create-metadata',
    consumer: instanceId,
    handlers: metadata.eventHandlers,
    around: traceEvents(tracing, 'create-metadata'),
    onError: (err, event) => logger.warn({ err, event: event?.id }, 'an event waits'),
  });
  life.onClose('consumer', () => consumer.close());

  const outboxLag = createSampler(() => readOutboxLag(database));
  life.onClose('outbox sampler', () => outboxLag.close());
  const groups = createSampler(() => publisher.groups());
  life.onClose('group sampler', () => groups.close());
  observeJobs({ metrics, relay, outbox: outboxLag, groups });
  observeQueues(metrics, {
    [producer.name]: () => queueStats.latest(),
    [imports.name]: () => importStats.latest(),
  });

  const internal = await listenInternally(process, {
    probes: [
      {
        name: 'postgres',
        required: true,
        probe: () => database.probe(),
        breaker: () => database.breaker.state,
        calls: () => database.breaker.calls,
      },
      probeRedis(hub, false),
      {
        name: 'redis-jobs',
        required: false,
        probe: async () => void (await producer.stats()),
        breaker: () => producer.breaker.state,
        calls: () => producer.breaker.calls,
      },
    ],
    load: () => ({
      ...relay.state,
      outbox: outboxLag.latest()?.rows ?? null,
      ...queueStats.latest(),
    }),
    lastWork: () => metadata.lastWork(),
    board: queueBoard(process, config.REDIS_JOBS_URL, [producer, imports]),
  });
  internal.register();
  return { internalUrl: internal.url };
}
