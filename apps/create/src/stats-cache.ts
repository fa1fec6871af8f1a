import { type CacheStats, createCache } from '@shortstack/cache';
import { LinkStats, type StatsQuery } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import { Value } from 'typebox/value';
import type { GuardedDatabase } from './data/guarded-database.ts';
import { readLinkStats } from './data/link-stats.ts';
import { statsRange } from './domain/stats-range.ts';

export interface StatsCache {
  /**
   * What was counted of a link, as of 5 s ago at most. Whether the caller may see it was asked before. The query must be one that
   * `statsRange` accepts. While the cache Redis is away, each process reads PostgreSQL for itself.
   */
  read: (linkId: number, query: StatsQuery) => Promise<LinkStats>;
  stats: () => CacheStats;
  close(): Promise<void>;
}

/**
 * Statistics in memory and in the cache Redis: they cost milliseconds of PostgreSQL, dashboards ask again and again, and each time
 * perhaps another process. Kept by the query as it was asked, since "until now" is another range each time.
 */
export function createStatsCache(
  database: GuardedDatabase,
  redis: RedisConnection,
  now: () => Date,
): StatsCache {
  const cache = createCache<LinkStats>({
    name: 'stats',
    redis,
    keyOf: (key) => `create:stats:${key}`,
    codec: { encode: JSON.stringify, decode: (text) => Value.Parse(LinkStats, JSON.parse(text)) },
    async load(keys) {
      const answers = await Promise.all(
        keys.map(async (key) => {
          const { linkId, query } = fromKey(key);
          const value = await readLinkStats(database, linkId, statsRange(query, now()));
          return [key, { version: 1, value }] as const;
        }),
      );
      return new Map(answers);
    },
    // What Redis has kept for 3 s may be kept in memory for 2 s more.
    ttlSeconds: 3,
    l1: { maxEntries: 1_000, maxBytes: 8 * 2 ** 20, ttlSeconds: 2 },
    negativeTtlSeconds: 1,
    negative: { maxEntries: 1 },
    staleIfErrorSeconds: 0,
    loadTimeoutMs: 5_000,
    leaseWaitMs: 500,
    // Who asks for a day of minutes must not hold up the others.
    maxBatch: 1,
  });
  return {
    async read(linkId, query) {
      const found = await cache.get(toKey(linkId, query));
      if (found === null) throw new Error('Statistics exist of every link');
      return found;
    },
    stats: () => cache.stats(),
    close: () => cache.close(),
  };
}

/** Like the address it was asked by: `7?interval=day&timezone=UTC`. */
function toKey(linkId: number, query: StatsQuery): string {
  const parameters = new URLSearchParams(Object.entries(query));
  parameters.sort();
  return `${linkId}?${parameters.toString()}`;
}

function fromKey(key: string): { linkId: number; query: StatsQuery } {
  const [linkId, query] = key.split('?');
  return { linkId: Number(linkId), query: Object.fromEntries(new URLSearchParams(query)) };
}
