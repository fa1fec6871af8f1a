import { redisTrials } from '@shortstack/contracts';
import { createDatabase } from '@shortstack/db';
import { checkAccess, readServerFigures } from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import { createSampler, observePools, observeRedisServers } from '@shortstack/telemetry';
import { listenInternally, openProcess, probeRedis } from '@shortstack/wiring';
import { openDatabase } from '@shortstack/wiring/database';
import { openQueue } from '@shortstack/wiring/jobs';
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
  const process = openProcess({ service: 'worker', process: 'jobs', config, life });
  const { instanceId, startedAt, hub, logger, metrics } = process;
  const now = () => new Date();
  life.onClose('hub figures', observeRedisServers(metrics, { hub: () => readServerFigures(hub) }));
  const database = openDatabase(process, config);
  const maintenance = createDatabase({
    url: config.DATABASE_URL,
    applicationName: instanceId,
    maxConnections: 1,
    statementTimeoutMs: 60_000,
    onError: (err) => logger.warn({ err }, 'an idle PostgreSQL connection broke'),
  });
  life.onClose('maintenance connection', () => maintenance.close());
  observePools(metrics, { maintenance: maintenance.pool });

  await Promise.all([checkAccess(hub, redisTrials.hub), database.checkAccess()]);
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
      // `turbo gen job` adds jobs above this line.
    },
    log,
  );
  const queue = await openQueue(process, {
    ...{ url: config.REDIS_JOBS_URL, queue: workQueue, handlers, schedules },
  });
  const { producer } = queue;
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

  const codeBlocks = createSampler(() => codePool.count());
  life.onClose('pool sampler', () => codeBlocks.close());
  observeJobs({ metrics, codeBlocks, log });

  const internal = await listenInternally(process, {
    probes: [
      { name: 'postgres', required: true, probe: () => database.probe() },
      queue.probe,
      probeRedis(hub, false),
    ],
    load: () => ({ ...queue.stats.latest(), codeBlocks: codeBlocks.latest() ?? null }),
    lastWork: () => log.last(),
    board: queue.board,
  });
  internal.register();
  return { internalUrl: internal.url };
}
