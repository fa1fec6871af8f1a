import { createLeaderboard, createUniqueVisitors } from '@shortstack/analytics';
import { redisKeys, redisTrials } from '@shortstack/contracts';
import { isDatabaseUnavailable } from '@shortstack/db';
import { createNotifier, createWatchList } from '@shortstack/events';
import { createProducer, createQueueWorker } from '@shortstack/queue';
import { checkAccess, createBreaker, readServerFigures } from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import {
  createSampler,
  observeQueues,
  observeRedisServers,
  type SpanExporter,
} from '@shortstack/telemetry';
import { listenInternally, openProcess, probeRedis } from '@shortstack/wiring';
import { openDatabase } from '@shortstack/wiring/database';
import { queueBoard } from '@shortstack/wiring/jobs';
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
  const process = openProcess({ service: 'redirect', process: 'jobs', config, life, exporter });
  const { instanceId, hub, tls, logger, metrics, tracing } = process;
  const cache = process.connect('cache', config.REDIS_CACHE_URL);
  const jobs = process.connect('jobs', config.REDIS_JOBS_URL);
  life.onClose(
    'server figures',
    observeRedisServers(metrics, {
      hub: () => readServerFigures(hub),
      cache: () => readServerFigures(cache),
      'jobs-redirect': () => readServerFigures(jobs, { logs: true }),
    }),
  );
  const clickReader = process.connect('clicks', config.REDIS_JOBS_URL, {
    // Above the time that reading blocks; and short enough that nothing waits long at the end of the process.
    commandTimeoutMs: 2_000,
  });
  const database = openDatabase(process, config, { statementTimeoutMs: 20_000 });
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
      // `turbo gen job` adds jobs above this line.
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
  const internal = await listenInternally(process, {
    probes: [
      {
        name: 'postgres',
        required: true,
        probe: () => database.probe(),
        breaker: () => databaseBreaker.state,
      },
      ...[hub, cache, jobs].map((redis) => probeRedis(redis, redis === jobs)),
    ],
    load: () => ingestion.stats(),
    lastWork: () => (lastCountedAt === null ? null : `counted clicks at ${lastCountedAt}`),
    board: queueBoard(process, config.REDIS_JOBS_URL, [producer]),
  });
  internal.register();
}
