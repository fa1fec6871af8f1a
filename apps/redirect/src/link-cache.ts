import { type Cache, createCache } from '@shortstack/cache';
import { redisKeys } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import type { LinkLoader } from './data/load-links.ts';
import {
  type FollowableLink,
  followableLinkCodec,
  toFollowable,
} from './domain/followable-link.ts';

export interface LinkCacheOptions {
  redis: RedisConnection;
  /** Of the system of record. */
  loadLinks: LinkLoader;
  ttlSeconds: number;
  negativeTtlSeconds: number;
  staleIfErrorSeconds: number;
  maxEntries: number;
  maxBytes: number;
}

/** Enough for one look-up, however late; what has changed is not served meanwhile, since this process is told of changes. */
const renewalSeconds = 10;

/** Links as this service keeps them: in memory, then in the cache Redis, then PostgreSQL. */
export function createLinkCache(options: LinkCacheOptions): Cache<FollowableLink> {
  const { loadLinks } = options;
  return createCache<FollowableLink>({
    name: 'links',
    redis: options.redis,
    keyOf: redisKeys.link,
    codec: followableLinkCodec,
    async load(slugs) {
      const found = await loadLinks(slugs);
      return new Map(
        [...found].map(([slug, { version, value }]) => [
          slug,
          { version, value: value === null ? null : toFollowable(value) },
        ]),
      );
    },
    ttlSeconds: options.ttlSeconds,
    negativeTtlSeconds: options.negativeTtlSeconds,
    staleWhileRevalidateSeconds: Math.min(renewalSeconds, options.staleIfErrorSeconds),
    staleIfErrorSeconds: options.staleIfErrorSeconds,
    l1: {
      maxEntries: options.maxEntries,
      maxBytes: options.maxBytes,
      ttlSeconds: options.ttlSeconds,
    },
    negative: { maxEntries: 50_000 },
    loadTimeoutMs: 2_000,
  });
}
