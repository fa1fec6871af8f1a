import { advertisedUrl, redisTls } from '@shortstack/config';
import { queueBoardPath, redisTrials, shownMetrics } from '@shortstack/contracts';
import { createDatabase } from '@shortstack/db';
import {
  createResolver,
  createStatusEndpoint,
  type InstanceDescription,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
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
  observePools,
  observeQueues,
  observeRedisServers,
  subscribeToPatterns,
} from '@shortstack/telemetry';
import type { JobsConfig } from './config.ts';
import { createCodePool } from './data/code-pool.ts';
import { deleteExpiredLinks, ringOutbox } from './data/expired-links.ts';
import { createLinkMonthStore } from './data/link-months.ts';
import {
  deleteCountedBatches,
  deleteIdempotencyKeys,
  deleteVisitorSalts,
} from './data/outdated-records.ts';
import { createPartitionStore } from './data/partitions.ts';
import { createAddUpMonths } from './jobs/add-up-months.ts';
import { createCleanUpLinks } from './jobs/clean-up-links.ts';
import { createCleanUpRecords } from './jobs/clean-up-records.ts';
import { createHandlers } from './jobs/create-handlers.ts';
import { createFillCodePool } from './jobs/fill-code-pool.ts';
import { createKeepPartitions } from './jobs/keep-partitions.ts';
import { createSweepRegistry } from './jobs/sweep-registry.ts';
import { createWorkLog } from './jobs/work-log.ts';
import { schedules, workQueue } from './jobs/work-queue.ts';
import { observeJobs } from './observe-jobs.ts';

/** Visitors are counted once per day, and late clicks come within a day. */
const dailyVisitorsKeptDays = 3;

/** Opens the jobs process of worker. What is opened first is closed last. */
export async function startJobs(
  config: JobsConfig,
  life: ProcessLife,
): Promise<{ internalUrl: string }> {
  const instanceId = config.INSTANCE_ID;
  const startedAt = new Date();
  const now = () => new Date();
  const logger = createLogger({ service: 'worker-jobs', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'worker-jobs', instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));

  const tls = redisTls(config);
  const hub = connectRedis({ name: 'hub', url: config.REDIS_HUB_URL, tls });
  life.onClose('redis-hub', () => hub.close());
  const jobs = connectRedis({ name: 'jobs', url: config.REDIS_JOBS_URL, tls });
  life.onClose('redis-jobs', () => jobs.close());
  life.onClose(
    'server figures',
    observeRedisServers(metrics, {
      hub: () => readServerFigures(hub),
      'jobs-worker': () => readServerFigures(jobs, { logs: true }),
    }),
  );
  const openDatabase = (maxConnections: number, statementTimeoutMs: number) =>
    createDatabase({
      url: config.DATABASE_URL,
      applicationName: instanceId,
      maxConnections,
      statementTimeoutMs,
      onError: (err) => logger.warn({ err }, 'an idle PostgreSQL connection broke'),
    });
  const database = openDatabase(config.DATABASE_POOL_SIZE, 4_000);
  life.onClose('database', () => database.close());
  const maintenance = openDatabase(1, 60_000);
  life.onClose('maintenance connection', () => maintenance.close());
  observePools(metrics, { main: database.pool, maintenance: maintenance.pool });
  await Promise.all([
    checkAccess(hub, redisTrials.hub),
    checkAccess(jobs, ['exists', '{worker}:trial']),
    database.checkAccess(),
  ]);

  const codePool = createCodePool(database);
  const log = createWorkLog(now);
  const handlers = createHandlers(
    {
      'fill-code-pool': createFillCodePool(codePool, {
        lowBlocks: config.CODE_POOL_LOW_BLOCKS,
        highBlocks: config.CODE_POOL_HIGH_BLOCKS,
      }),
      'clean-up-links': createCleanUpLinks({
        deleteExpired: (before, limit) => deleteExpiredLinks(database, before, limit),
        ring: () => ringOutbox(database),
        retentionDays: config.EXPIRED_LINK_RETENTION_DAYS,
        now,
      }),
      'clean-up-records': createCleanUpRecords({
        deleteIdempotencyKeys: (before, limit) => deleteIdempotencyKeys(database, before, limit),
        deleteCountedBatches: (before, limit) => deleteCountedBatches(database, before, limit),
        deleteVisitorSalts: (day) => deleteVisitorSalts(database, day),
        now,
      }),
      'keep-partitions': createKeepPartitions(createPartitionStore({ database, maintenance }), {
        keepDays: {
          clicks: config.CLICK_RETENTION_DAYS,
          link_minutes: config.CLICK_RETENTION_DAYS,
          daily_visitors: dailyVisitorsKeptDays,
        },
        now,
      }),
      'add-up-months': createAddUpMonths(createLinkMonthStore(database), now),
      'sweep-registry': createSweepRegistry(hub),
    },
    log,
  );
  const queue = { url: config.REDIS_JOBS_URL, tls, service: 'worker', queue: workQueue };
  const producer = createProducer(queue);
  life.onClose('producer', () => producer.close());
  const worker = createQueueWorker({
    ...queue,
    handlers,
    schedules,
    onError: (err, job) =>
      logger.warn({ err, job }, job ? 'a job failed' : 'the queue is interrupted'),
  });
  life.onClose('worker', () => worker.close());
  // An hour is long to wait for a schedule whose last run was in another release.
  producer
    .ready()
    .then(() =>
      producer.add(
        'keep-partitions',
        {},
        { jobId: `keep-partitions-${instanceId}-${startedAt.getTime()}` },
      ),
    )
    .catch((err: unknown) => logger.warn({ err }, 'partitions are looked after by schedule only'));

  const queueStats = createSampler(() => producer.stats());
  life.onClose('queue sampler', () => queueStats.close());
  const codeBlocks = createSampler(() => codePool.count());
  life.onClose('pool sampler', () => codeBlocks.close());
  observeQueues(metrics, { [producer.name]: () => queueStats.latest() });
  observeJobs({ metrics, codeBlocks, log });

  const readiness = createReadiness({
    probes: [
      { name: 'postgres', required: true, probe: () => database.probe() },
      {
        name: 'redis-jobs',
        required: true,
        probe: async () => void (await producer.stats()),
        breaker: () => producer.breaker.state,
        calls: () => producer.breaker.calls,
      },
      {
        name: 'redis-hub',
        required: false,
        probe: () => hub.probe(),
        breaker: () => hub.breaker.state,
        calls: () => hub.breaker.calls,
      },
    ],
  });
  const described: InstanceDescription = {
    instance: {
      id: instanceId,
      service: 'worker',
      process: 'jobs',
      url: advertisedUrl(config),
      version: config.VERSION,
      startedAt: startedAt.toISOString(),
    },
    load: () => ({ ...queueStats.latest(), codeBlocks: codeBlocks.latest() ?? null }),
    lastWork: () => log.last(),
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
    service: 'worker',
    queues: [producer],
    basePath: queueBoardPath('worker'),
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
  logger.info('worker-jobs is ready');
  return { internalUrl };
}
