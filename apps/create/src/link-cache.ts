import { createCache } from '@shortstack/cache';
import { type CachedLink, cachedLinkCodec, redisKeys, toCachedLink } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import type { StoredLink } from './domain/link.ts';

const atOnce = 100;

export interface LinkCache {
  /** Puts links where redirect looks for them first. Never rejects: what isn't there is read from PostgreSQL. */
  write(links: readonly StoredLink[]): Promise<void>;
  close(): Promise<void>;
}

/** Writes links through to the cache Redis, a hundred at a time, never over a newer version. Reads nothing. */
export function createLinkCache(redis: RedisConnection, ttlSeconds: number): LinkCache {
  const cache = createCache<CachedLink>({
    name: 'links',
    redis,
    keyOf: redisKeys.link,
    codec: cachedLinkCodec,
    load: async () => new Map(),
    ttlSeconds,
    negativeTtlSeconds: 1,
    staleIfErrorSeconds: 0,
    l1: { maxEntries: 1, maxBytes: 1, ttlSeconds: 1 },
    negative: { maxEntries: 1 },
    loadTimeoutMs: 1,
  });
  return {
    async write(links) {
      for (let i = 0; i < links.length; i += atOnce) {
        const some = links.slice(i, i + atOnce);
        const written = await Promise.all(
          some.map((link) =>
            cache.put(link.slug, { version: link.version, value: toCachedLink(link) }),
          ),
        );
        // Without Redis the rest would only fail as well.
        if (written.includes(false)) return;
      }
    },
    close: () => cache.close(),
  };
}
