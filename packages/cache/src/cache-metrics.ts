import type { Cache, CacheStats } from './cache.ts';

/** A metric in the form that a registry takes that reads at each scrape. `attributes` are its labels. */
export interface CacheMetric {
  /** As Prometheus has it, e.g. `shortstack_cache_requests_total`. */
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  read: () => { value: number; attributes: Record<string, string> }[];
}

type Series = [value: number, labels: Record<string, string>];

/**
 * The counters and sizes of caches, per tier (`l1`, `l2`, `origin`), for any metrics registry; the label `cache` names the cache.
 * Reading costs nothing until somebody scrapes. What Redis evicts it counts itself: `evicted_keys` in `INFO stats`.
 */
export function cacheMetrics(caches: Record<string, Pick<Cache<unknown>, 'stats'>>): CacheMetric[] {
  const metric = (
    type: CacheMetric['type'],
    name: string,
    help: string,
    seriesOf: (stats: CacheStats) => Series[],
  ): CacheMetric => ({
    name: `shortstack_cache_${name}`,
    help,
    type,
    read: () =>
      Object.entries(caches).flatMap(([cacheName, cache]) =>
        seriesOf(cache.stats()).map(([value, labels]) => ({
          value,
          attributes: { cache: cacheName, ...labels },
        })),
      ),
  });
  return [
    metric('counter', 'requests_total', 'Keys asked for, by tier and what came of it', (stats) => [
      [stats.l1Hits, { tier: 'l1', result: 'hit' }],
      [stats.staleWhileRevalidate, { tier: 'l1', result: 'stale_while_revalidate' }],
      [stats.staleIfError, { tier: 'l1', result: 'stale_if_error' }],
      [stats.coalesced, { tier: 'l1', result: 'coalesced' }],
      [stats.l1Misses - stats.coalesced, { tier: 'l1', result: 'miss' }],
      [stats.l2Hits, { tier: 'l2', result: 'hit' }],
      [stats.l2Misses, { tier: 'l2', result: 'miss' }],
      [stats.loadedKeys, { tier: 'origin', result: 'loaded' }],
    ]),
    metric('counter', 'fills_total', 'Entries written, by tier', (stats) => [
      [stats.l1Fills, { tier: 'l1' }],
      [stats.l2Fills, { tier: 'l2' }],
    ]),
    metric('counter', 'errors_total', 'Commands and loads that failed, by tier', (stats) => [
      [stats.l2Errors, { tier: 'l2' }],
      [stats.loadErrors, { tier: 'origin' }],
    ]),
    metric('counter', 'loads_total', 'Calls to the system of record', (stats) => [
      [stats.loads, {}],
    ]),
    metric('counter', 'evictions_total', 'Entries that had to go for others', (stats) => [
      [stats.l1Evictions, { tier: 'l1' }],
    ]),
    metric('counter', 'lease_waits_total', 'Keys that another process was loading', (stats) => [
      [stats.leaseWaits - stats.leaseTimeouts, { result: 'answered' }],
      [stats.leaseTimeouts, { result: 'timeout' }],
    ]),
    metric('gauge', 'entries', 'Entries in memory', (stats) => [
      [stats.entries, { kind: 'value' }],
      [stats.negativeEntries, { kind: 'absent' }],
    ]),
    metric('gauge', 'bytes', 'Estimated size of the values in memory', (stats) => [
      [stats.bytes, {}],
    ]),
  ];
}
