import { advertisedUrl, redisTls } from '@shortstack/config';
import { queueBoardPath, redisKeys, redisTrials, shownMetrics } from '@shortstack/contracts';
import {
  createResolver,
  createStatusEndpoint,
  type InstanceDescription,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
import { AppError } from '@shortstack/errors';
import { createConsumer, createOutboxRelay, createPublisher } from '@shortstack/events';
import { createProducer, createQueueWorker } from '@shortstack/queue';
import { createQueueBoard } from '@shortstack/queue/board';
import { checkAccess, connectRedis, readServerFigures } from '@shortstack/redis';
import {
  closeServer,
  createInternalServer,
  createReadiness,
  describeProcess,
  type ProcessLife,
} from '@shortstack/server';
import {
  createLogger,
  createMetrics,
  createSampler,
  createTracing,
  observePools,
  observeQueues,
  observeRedisServers,
  type SpanExporter,
  subscribeToPatterns,
  traceEvents,
  traceJobs,
  tracePublish,
} from '@shortstack/telemetry';
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
  const instanceId = config.INSTANCE_ID;
  const logger = createLogger({ service: 'create-jobs', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'create-jobs', instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = createTracing({ service: 'create-jobs', instanceId, endpoint, logger, exporter });
  life.onClose('tracing', () => tracing.close());

  const tls = redisTls(config);
  const hub = connectRedis({ name: 'hub', url: config.REDIS_HUB_URL, tls });
  life.onClose('redis-hub', () => hub.close());
  const jobs = connectRedis({ name: 'jobs', url: config.REDIS_JOBS_URL, tls });
  life.onClose('redis-jobs', () => jobs.close());
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
    handlers: metadata.handlers,
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

  const readiness = createReadiness({
    probes: [
      {
        name: 'postgres',
        required: true,
        probe: () => database.probe(),
        breaker: () => database.breaker.state,
        calls: () => database.breaker.calls,
      },
      {
        name: 'redis-hub',
        required: false,
        probe: () => hub.probe(),
        breaker: () => hub.breaker.state,
        calls: () => hub.breaker.calls,
      },
      {
        name: 'redis-jobs',
        required: false,
        probe: async () => void (await producer.stats()),
        breaker: () => producer.breaker.state,
        calls: () => producer.breaker.calls,
      },
    ],
  });
  const described: InstanceDescription = {
    instance: {
      id: instanceId,
      service: 'create',
      process: 'jobs',
      url: advertisedUrl(config),
      version: config.VERSION,
      startedAt: new Date().toISOString(),
    },
    load: () => ({
      ...relay.state,
      outbox: outboxLag.latest()?.rows ?? null,
      ...queueStats.latest(),
    }),
    lastWork: () => metadata.lastWork(),
  };
  const resolver = createResolver({ redis: hub });
  life.onClose('resolver', () => resolver.close());
  const status = createStatusEndpoint({
    resolver,
    ...described,
    allow: ['worker'],
    isReady: async () => (await readiness.latest()).status === 'ready',
    details: () => describeProcess(readiness, metrics, shownMetrics),
  });
  const internal = createInternalServer({ logger, instanceId, readiness, metrics });
  internal.get(statusPath, { onRequest: status.authorize }, status.answer);
  const board = createQueueBoard({
    url: config.REDIS_JOBS_URL,
    tls: redisTls(config),
    service: 'create',
    queues: [producer, imports],
    basePath: queueBoardPath('create'),
    authorize: status.authorize,
  });
  life.onClose('queue board', () => board.close());
  await internal.register(board.plugin);
  const internalUrl = await internal.listen({
    host: config.INTERNAL_HOST,
    port: config.INTERNAL_PORT,
  });
  life.onClose('internal listener', () => closeServer(internal));
  const registration = registerInstance({ redis: hub, ...described });
  life.onClose('registration', () => registration.close());
  life.onClose('readiness', () => readiness.drain());
  logger.info('create-jobs is ready');
  return { internalUrl };
}
