import type { EventHandler } from '@shortstack/events';
import type { JobHandlers, Producer, QueueStats } from '@shortstack/queue';
import type { Logger, Metrics, Sampler } from '@shortstack/telemetry';
import type { JobsConfig } from './config.ts';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { findMetadataTarget, storeMetadata } from './data/link-metadata.ts';
import type { OutboxBell } from './data/outbox.ts';
import { createReadMetadata } from './jobs/read-metadata.ts';
import { createMetadataRequests } from './jobs/request-metadata.ts';
import type { WorkJobs } from './jobs/work-queue.ts';
import type { OutgoingRules } from './outgoing/outgoing-rules.ts';
import { readPage } from './outgoing/read-page.ts';

export interface MetadataJobs {
  handlers: JobHandlers<WorkJobs>;
  eventHandlers: Record<string, EventHandler>;
  lastWork(): string | null;
}

/** About 30 MB of Redis, and most of a day's reading. */
const maxWaitingJobs = 50_000;

/** Wires events to jobs and jobs to the web. Switched off, events are still read and jobs still taken, without effect: nothing piles up. */
export function openMetadataJobs(options: {
  config: JobsConfig;
  database: GuardedDatabase;
  bell: OutboxBell;
  producer: Producer<WorkJobs>;
  queueStats: Sampler<QueueStats>;
  outgoing: OutgoingRules;
  metrics: Metrics;
  logger: Logger;
}): MetadataJobs {
  const { config, database, bell, producer, queueStats, outgoing, metrics, logger } = options;
  if (!config.METADATA_FETCH) {
    return {
      handlers: { 'read-metadata': async () => {} },
      eventHandlers: {},
      lastWork: () => null,
    };
  }
  const pages = metrics.counter(
    'shortstack_metadata_pages_total',
    'Target pages, by what came of reading them',
  );
  const skipped = metrics.counter(
    'shortstack_metadata_skipped_total',
    'Links left without metadata because too many waited',
  );
  const userAgent = `ShortstackBot/1.0 (+${config.SHORT_ORIGIN})`;
  let readAt: Date | undefined;

  const request = createMetadataRequests({
    addJobs: (jobs) => producer.addBulk(jobs),
    isQueueFull: () => (queueStats.latest()?.waiting ?? 0) > maxWaitingJobs,
    onSkipped: (links) => skipped.add(links),
  });
  return {
    handlers: {
      'read-metadata': createReadMetadata({
        findTarget: (linkId) => findMetadataTarget(database, linkId),
        readPage: (url) => readPage(url, { rules: outgoing, userAgent }),
        store: (linkId, version, metadata) => storeMetadata(database, linkId, version, metadata),
        ring: () => bell.ring(),
        onRead(reading) {
          readAt = new Date();
          pages.add(1, { outcome: reading.outcome });
          if (reading.outcome !== 'read') logger.debug({ reason: reading.reason }, 'no metadata');
        },
      }),
    },
    eventHandlers: { 'link.created': request, 'link.updated': request },
    lastWork: () => (readAt === undefined ? null : `read a target page at ${readAt.toISOString()}`),
  };
}
