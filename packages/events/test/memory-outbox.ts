import type { Outbox, StreamEvent } from '@shortstack/events';
import { event } from './event.ts';

/** An outbox in memory that several relays may share. Its rows appear in the order of their ids unless added otherwise. */
export function createMemoryOutbox() {
  const rows = new Map<string, { event: StreamEvent; publishedAt?: Date }>();
  const listeners = new Set<() => void>();
  let session: AbortController | undefined;

  const sorted = () => [...rows.values()].sort((a, b) => Number(a.event.id) - Number(b.event.id));
  const outbox: Outbox = {
    async acquireLeadership() {
      if (session !== undefined) return null;
      const own = new AbortController();
      session = own;
      return {
        lost: own.signal,
        async release() {
          if (session === own) session = undefined;
        },
      };
    },
    async readUnpublished(limit) {
      const unpublished = sorted().filter((row) => row.publishedAt === undefined);
      return unpublished.slice(0, limit).map((row) => row.event);
    },
    async markPublished(ids, publishedAt) {
      for (const id of ids) {
        const row = rows.get(id);
        if (row) row.publishedAt = publishedAt;
      }
    },
    async lastPublishedAt() {
      const times = sorted().map((row) => row.publishedAt?.getTime() ?? 0);
      const last = Math.max(0, ...times);
      return last === 0 ? null : new Date(last);
    },
    async unpublishAll() {
      const published = sorted().filter((row) => row.publishedAt !== undefined);
      for (const row of published) delete row.publishedAt;
      return published.length;
    },
    async deletePublishedBefore(time) {
      const old = sorted().filter((row) => row.publishedAt && row.publishedAt < time);
      for (const row of old) rows.delete(row.event.id);
      return old.length;
    },
  };

  return {
    outbox,
    /** Commits rows, and tells the relays unless told not to. */
    add(ids: readonly number[], { notify = true } = {}) {
      for (const id of ids) rows.set(String(id), { event: event(id) });
      if (notify) for (const listener of listeners) listener();
    },
    wake: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** The database drops the session that holds the lock. */
    endSession() {
      session?.abort();
      session = undefined;
    },
    unpublished: () => sorted().filter((row) => row.publishedAt === undefined).length,
    size: () => rows.size,
  };
}
