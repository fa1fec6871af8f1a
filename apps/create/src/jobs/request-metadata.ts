import { LinksChanged } from '@shortstack/contracts';
import type { EventHandler } from '@shortstack/events';
import type { NewJob } from '@shortstack/queue';
import { currentTraceparent } from '@shortstack/telemetry';
import { Compile } from 'typebox/compile';
import type { WorkJobs } from './work-queue.ts';

export interface RequestMetadataOptions {
  addJobs: (jobs: NewJob<WorkJobs>[]) => Promise<unknown>;
  /** Whether so many jobs wait that more would only fill Redis. */
  isQueueFull: () => boolean;
  /** Told how many links are left without metadata because of that. */
  onSkipped: (links: number) => void;
}

/**
 * Handles `link.created` and `link.updated`: one job per link and version, so an event that comes twice asks once. The change that reading a
 * page makes itself (the title) asks for nothing: that would go round in circles.
 */
export function createMetadataRequests(options: RequestMetadataOptions): EventHandler {
  const { addJobs, isQueueFull, onSkipped } = options;
  const linksChanged = Compile(LinksChanged);
  return async ({ data }) => {
    if (!linksChanged.Check(data)) throw new Error('Not what LinksChanged describes');
    if (data.cause === 'metadata') return;
    if (isQueueFull()) return onSkipped(data.links.length);
    await addJobs(
      data.links.map(({ id, version }) => ({
        job: 'read-metadata',
        data: { linkId: id, version },
        jobId: `metadata-${id}-${version}`,
        traceparent: currentTraceparent(),
      })),
    );
  };
}
