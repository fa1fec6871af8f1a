import { createCache } from '@shortstack/cache';
import {
  type CachedLink,
  cachedLinkCodec,
  type LinkRow,
  redisKeys,
  toCachedLink,
} from '@shortstack/contracts';
import { connectRedis, type RedisConnection } from '@shortstack/redis';
import type { Stack } from '../subjects/stack.ts';
import { slugOf } from './seeded-links.ts';

/** So many are under way at once. */
const batch = 2_000;

/** Puts the first `count` seeded links into the cache Redis, as create does when it has made a link. */
export function fillCacheRedis(stack: Stack, count: number, ttlSeconds = 900): Promise<void> {
  return withCacheRedis(stack, async (redis) => {
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
    for (let from = 0; from < count; from += batch) {
      const rows = await stack.sql<Row>(
        `SELECT id, account_id, slug, url, created_at FROM links
         WHERE slug >= $1 AND slug < $2`,
        [slugOf(from), slugOf(Math.min(from + batch, count))],
      );
      const written = await Promise.all(
        rows.map((row) => cache.put(row.slug, { version: 1, value: toCachedLink(asLinkRow(row)) })),
      );
      if (written.includes(false)) throw new Error('The cache Redis did not take every link.');
    }
    await cache.close();
  });
}

/** Empties the cache Redis: what it has is all in PostgreSQL. */
export function emptyCacheRedis(stack: Stack): Promise<void> {
  return withCacheRedis(stack, async (redis) => {
    await redis.client.flushall();
  });
}

async function withCacheRedis(
  { cacheUrl }: Stack,
  work: (redis: RedisConnection) => Promise<void>,
): Promise<void> {
  const redis = connectRedis({ name: 'cache', url: cacheUrl, commandTimeoutMs: 10_000 });
  try {
    await redis.ready();
    await work(redis);
  } finally {
    await redis.close();
  }
}

interface Row {
  id: string;
  account_id: string;
  slug: string;
  url: string;
  created_at: Date;
}

function asLinkRow({ id, account_id, url, created_at }: Row): LinkRow {
  return {
    id: Number(id),
    accountId: account_id,
    url,
    status: 302,
    visibility: 'public',
    deletedAt: null,
    expiresAt: null,
    maxClicks: null,
    passwordHash: null,
    rules: [],
    forwardQuery: false,
    title: null,
    createdAt: created_at,
  };
}
