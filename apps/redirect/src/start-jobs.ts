import { createLeaderboard, createUniqueVisitors } from '@shortstack/analytics';
import { advertisedUrl, redisTls } from '@shortstack/config';
import { queueBoardPath, redisKeys, redisTrials, shownMetrics } from '@shortstack/contracts';
import { createDatabase, isDatabaseUnavailable } from '@shortstack/db';
import {
  createResolver,
  createStatusEndpoint,
  type InstanceDescription,
  registerInstance,
  statusPath,
} from '@shortstack/discovery';
import { createNotifier, createWatchList } from '@shortstack/events';
import { createProducer, createQueueWorker } from '@shortstack/queue';
import { createQueueBoard } from '@shortstack/queue/board';
import { checkAccess, connectRedis, createBreaker, readServerFigures } from '@shortstack/redis';
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
} from '@shortstack/telemetry';
import type { Failpoint } from './clicks/failpoint.ts';
import type { JobsConfig } from './config.ts';
import { createLinkLoader, loadBusiestSlugs } from './data/load-links.ts';
import { loadScoredLinks, loadScores } from './data/load-scores.ts';
import { loadVisits } from './data/load-visits.ts';
import { type Counted, createBatchCounter } from './ingestion/count-batches.ts';
import { startClickIngestion } from './ingestion/ingest-clicks.ts';
import { createSpoolSource } from './ingestion/spool-source.ts';
import { createStreamSource } from './ingestion/stream-source.ts';
import { traceCounting } from './ingestion/trace-counting.ts';
import { createBuryBatch } from './jobs/bury-batch.ts';
import { createLeaderboardPublisher } from './jobs/publish-leaderboards.ts';
import { createLiveClickPublisher } from './jobs/publish-live-clicks.ts';
import { createVisitorPublisher } from './jobs/publish-visitors.ts';
import { createRecountBatch } from './jobs/recount-batch.ts';
import { createWarmUp } from './jobs/warm-up.ts';
import { workQueue } from './jobs/work-queue.ts';
import { createLinkCache } from './link-cache.ts';

/** Opens the jobs process of redirect, which counts clicks. What is opened first is closed last. */
export async function startJobs(
  config: JobsConfig,
  life: ProcessLife,
  failpoint?: Failpoint,
  exporter?: SpanExporter,
): Promise<void> {
  const instanceId = config.INSTANCE_ID;
  const logger = createLogger({ service: 'redirect-jobs', instanceId, level: config.LOG_LEVEL });
  life.useLogger(logger);
  const metrics = createMetrics({ service: 'redirect-jobs', instanceId });
  life.onClose('metrics', () => metrics.close());
  life.onClose('pattern metrics', subscribeToPatterns(metrics));
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const service = 'redirect-jobs';
  const tracing = createTracing({ service, instanceId, endpoint, logger, exporter });
  life.onClose('tracing', () => tracing.close());

  const tls = redisTls(config);
  const hub = connectRedis({ name: 'hub', url: config.REDIS_HUB_URL, tls });
  life.onClose('redis-hub', () => hub.close());
  const cache = connectRedis({ name: 'cache', url: config.REDIS_CACHE_URL, tls });
  life.onClose('redis-cache', () => cache.close());
  const jobs = connectRedis({ name: 'jobs', url: config.REDIS_JOBS_URL, tls });
  life.onClose('redis-jobs', () => jobs.close());
  life.onClose(
    'server figures',
    observeRedisServers(metrics, {
      hub: () => readServerFigures(hub),
      cache: () => readServerFigures(cache),
      'jobs-redirect': () => readServerFigures(jobs, { logs: true }),
    }),
  );
  const clickReader = connectRedis({
    name: 'clicks',
    url: config.REDIS_JOBS_URL,
    tls,
    // Above the time that reading blocks; and short enough that nothing waits long at the end of the process.
    commandTimeoutMs: 2_000,
  });
  life.onClose('click reader', () => clickReader.close());
  const database = createDatabase({
    url: config.DATABASE_URL,
    applicationName: instanceId,
    maxConnections: config.DATABASE_POOL_SIZE,
    statementTimeoutMs: 20_000,
    onError: (error) => logger.warn({ err: error }, 'an idle PostgreSQL connection broke'),
  });
  life.onClose('database', () => database.close());
  observePools(metrics, { main: database.pool });
  await Promise.all([
    checkAccess(hub, redisTrials.hub),
    checkAccess(cache, redisTrials.cache),
    checkAccess(jobs, ['exists', '{redirect}:trial']),
    database.checkAccess(),
  ]);
  const databaseBreaker = createBreaker({
    name: 'PostgreSQL',
    isFailure: isDatabaseUnavailable,
    probe: () => database.probe(),
  });
  life.onClose('database breaker', () => databaseBreaker.close());

  const leaderboards = createLeaderboardPublisher({
    leaderboard: createLeaderboard({ redis: hub, name: 'redirect' }),
    loadScores: (linkIds, since) => loadScores(database.pool, linkIds, since),
    loadScoredLinks: () => loadScoredLinks(database.pool),
    onError: (err) => logger.warn({ err }, 'leaderboards are behind; the next round tries again'),
  });
  life.onClose('leaderboards', () => leaderboards.close());
  const visitors = createVisitorPublisher({
    visitors: createUniqueVisitors({ redis: hub, name: 'redirect' }),
    loadVisits: (since) => loadVisits(database.pool, since),
    onError: (err) =>
      logger.warn({ err }, 'unique visitors are behind; the next round tries again'),
  });
  life.onClose('unique visitors', () => visitors.close());

  const watchedLinks = createWatchList({ redis: hub, key: redisKeys.watchedLinks });
  const liveClicks = createLiveClickPublisher({
    watchedLinks: () => watchedLinks.members(),
    notify: createNotifier({ redis: hub }).notify,
    onError: (err) => logger.debug({ err }, 'live clicks were not shown'),
  });
  life.onClose('live clicks', () => liveClicks.close());

  const countBatches = createBatchCounter({
    pool: database.pool,
    clickRetentionDays: config.CLICK_RETENTION_DAYS,
    ...(failpoint === undefined ? {} : { failpoint }),
  });
  const producer = createProducer({
    url: config.REDIS_JOBS_URL,
    tls,
    service: 'redirect',
    queue: workQueue,
  });
  life.onClose('producer', () => producer.close());
  let lastCountedAt: string | null = null;
  const onCounted = ({ quarters, visits, rows }: Counted) => {
    lastCountedAt = new Date().toISOString();
    leaderboards.changed(quarters);
    visitors.counted(visits);
    liveClicks.counted(rows);
  };
  const queueStats = createSampler(() => producer.stats());
  life.onClose('queue sampler', () => queueStats.close());
  observeQueues(metrics, { [producer.name]: () => queueStats.latest() });
  const ingestion = startClickIngestion({
    sources: {
      stream: createStreamSource({ redis: clickReader }),
      spool: createSpoolSource({ directory: config.SPOOL_DIRECTORY }),
    },
    countBatches: traceCounting(tracing, countBatches),
    buryBatch: createBuryBatch(producer, logger),
    onCounted,
    onError: (err, source) => logger.warn({ err, source }, 'counting clicks failed; trying again'),
  });
  life.onClose('ingestion', () => ingestion.close());

  const links = createLinkCache({
    redis: cache,
    loadLinks: createLinkLoader(database.pool, databaseBreaker),
    ttlSeconds: config.LINK_TTL_SECONDS,
    negativeTtlSeconds: config.UNKNOWN_SLUG_TTL_SECONDS,
    staleIfErrorSeconds: 0,
    maxEntries: 1_000,
    maxBytes: 1_048_576,
  });
  life.onClose('link cache', () => links.close());
  const worker = createQueueWorker({
    url: config.REDIS_JOBS_URL,
    tls,
    service: 'redirect',
    queue: workQueue,
    handlers: {
      'warm-up': createWarmUp({
        links,
        loadBusiestSlugs: (limit) => loadBusiestSlugs(database.pool, limit),
      }),
      'recount-batch': createRecountBatch(async (batches) =>
        onCounted(await countBatches(batches)),
      ),
    },
    // These are short; and with its Redis away the worker takes this long to close.
    drainTimeoutMs: 5_000,
    onError: (err, job) =>
      logger.warn({ err, job }, job ? 'a job failed' : 'the queue is interrupted'),
  });
  life.onClose('worker', () => worker.close());
  if (config.WARM_UP_LINKS > 0) {
    producer
      .ready()
      .then(() =>
        producer.add(
          'warm-up',
          { limit: config.WARM_UP_LINKS },
          { jobId: `warm-up-${instanceId}` },
        ),
      )
      .catch((err: unknown) => logger.warn({ err }, 'the cache is not warmed up'));
  }

  metrics.observe(
    'shortstack_clicks_counted_total',
    'Clicks counted in PostgreSQL',
    'counter',
    () => [{ value: ingestion.stats().clicks }],
  );
  metrics.observe(
    'shortstack_click_batches_total',
    'Batches by what became of them',
    'counter',
    () => {
      const { batches, repeatedBatches, buriedBatches } = ingestion.stats();
      return [
        { value: batches - repeatedBatches, attributes: { outcome: 'counted' } },
        { value: repeatedBatches, attributes: { outcome: 'repeated' } },
        { value: buriedBatches, attributes: { outcome: 'put_aside' } },
      ];
    },
  );
  metrics.observe(
    'shortstack_click_lag_seconds',
    'Age of the oldest click that was read and is not counted yet, or was when the last ones were counted',
    'gauge',
    () =>
      Object.entries(ingestion.lagSeconds()).map(([source, value]) => ({
        value,
        attributes: { source },
      })),
  );
  metrics.observe(
    'shortstack_live_clicks_total',
    'Clicks of watched links by what became of them',
    'counter',
    () => {
      const { shown, dropped } = liveClicks.stats();
      return [
        { value: shown, attributes: { outcome: 'sent' } },
        { value: dropped, attributes: { outcome: 'dropped' } },
      ];
    },
  );
  const readiness = createReadiness({
    probes: [
      {
        name: 'postgres',
        required: true,
        probe: () => database.probe(),
        breaker: () => databaseBreaker.state,
      },
      ...[hub, cache, jobs].map((redis) => ({
        name: `redis-${redis.name}`,
        required: redis === jobs,
        probe: () => redis.probe(),
        breaker: () => redis.breaker.state,
        calls: () => redis.breaker.calls,
      })),
    ],
  });
  const described: InstanceDescription = {
    instance: {
      id: instanceId,
      service: 'redirect',
      process: 'jobs',
      url: advertisedUrl(config),
      version: config.VERSION,
      startedAt: new Date().toISOString(),
    },
    load: () => ingestion.stats(),
    lastWork: () => (lastCountedAt === null ? null : `counted clicks at ${lastCountedAt}`),
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
    service: 'redirect',
    queues: [producer],
    basePath: queueBoardPath('redirect'),
    authorize: status.authorize,
  });
  life.onClose('queue board', () => board.close());
  await internal.register(board.plugin);
  await internal.listen({ host: config.INTERNAL_HOST, port: config.INTERNAL_PORT });
  life.onClose('internal listener', () => closeServer(internal));
  const registration = registerInstance({ redis: hub, ...described });
  life.onClose('registration', () => registration.close());
  life.onClose('readiness', () => readiness.drain());
  logger.info('redirect-jobs is ready');
}
