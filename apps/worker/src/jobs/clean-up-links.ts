import { inChunks } from '../domain/in-chunks.ts';
import type { ScheduledWork } from './create-handlers.ts';

export interface CleanUpLinksOptions {
  deleteExpired: (before: Date, limit: number) => Promise<number>;
  /** Wakes the relay after each chunk. */
  ring: () => Promise<void>;
  retentionDays: number;
  now: () => Date;
}

/** Deletes links that expired longer ago than the retention. */
export function createCleanUpLinks(options: CleanUpLinksOptions): ScheduledWork {
  const { deleteExpired, ring, retentionDays, now } = options;
  return async (signal) => {
    const before = new Date(now().getTime() - retentionDays * 86_400_000);
    const deleted = await inChunks(async (limit) => {
      const done = await deleteExpired(before, limit);
      // The relay polls too: a lost call costs a second.
      if (done > 0) await ring().catch(() => {});
      return done;
    }, signal);
    return deleted === 0 ? null : `deleted ${deleted} expired links`;
  };
}
