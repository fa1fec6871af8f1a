import type { ReadMetadataJob } from '@shortstack/contracts';
import { unavailable } from '@shortstack/errors';
import type { JobContext } from '@shortstack/queue';
import type { PageMetadata } from '../outgoing/head-reader.ts';
import type { PageReading } from '../outgoing/read-page.ts';

export interface ReadMetadataOptions {
  findTarget: (linkId: number) => Promise<{ url: string; version: number } | null>;
  /** Never rejects. */
  readPage: (url: string) => Promise<PageReading>;
  /** Resolves with whether a title was set, which readers of links have to hear of. */
  store: (linkId: number, version: number, metadata: PageMetadata) => Promise<boolean>;
  /** Wakes the relay. */
  ring: () => void;
  /** Told how each reading ended. */
  onRead: (reading: PageReading) => void;
}

/** Tries to reach a page. Ours are more: an outage of PostgreSQL must not lose what a page says. */
const pageAttempts = 4;

/**
 * Reads what a link's target page says of itself and stores it. A link that has changed meanwhile is left to the job of its newer
 * version. A page that can't be reached is tried four times within about a minute, and then left alone.
 */
export function createReadMetadata(options: ReadMetadataOptions) {
  const { findTarget, readPage, store, ring, onRead } = options;
  return async ({ linkId, version }: ReadMetadataJob, context: JobContext): Promise<void> => {
    const target = await findTarget(linkId);
    if (target === null || target.version !== version) return;
    const reading = await readPage(target.url);
    onRead(reading);
    if (reading.outcome === 'unreachable') {
      if (context.attempt >= pageAttempts) return;
      throw unavailable('PAGE_UNREACHABLE', reading.reason);
    }
    const metadata =
      reading.outcome === 'read'
        ? reading.metadata
        : { title: null, description: null, faviconUrl: null };
    if (await store(linkId, version, metadata)) ring();
  };
}
