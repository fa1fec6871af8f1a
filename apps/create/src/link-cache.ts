import { type CacheStats, createCache } from '@shortstack/cache';
import { type CachedLink, cachedLinkCodec, redisKeys, toCachedLink } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import type { StoredLink } from './domain/link.ts';

const fewLinks = 100;

export interface LinkCache {
  /** Puts links where redirect looks for them first. Never rejects: what isn't there is read from PostgreSQL. */
  write(links: readonly StoredLink[]): Promise<void>;
  stats: () => CacheStats;
  close(): Promise<void>;
}

/**
 * Writes links through to the cache Redis, never over a newer version, and reads nothing. Of more than a hundred at once
 * none: they would push out what is followed now, for links that may never be.
 */
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
      if (links.length > fewLinks) return;
      await Promise.all(
        links.map((link) =>
          cache.put(link.slug, { version: link.version, value: toCachedLink(link) }),
        ),
      );
    },
    stats: () => cache.stats(),
    close: () => cache.close(),
  };
}
