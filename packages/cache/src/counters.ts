import type { CacheStats } from './cache.ts';

export type Counters = Omit<CacheStats, 'entries' | 'negativeEntries' | 'bytes'>;

export function createCounters(): Counters {
  return {
    l1Hits: 0,
    l1Misses: 0,
    l1Fills: 0,
    l1Evictions: 0,
    coalesced: 0,
    l2Hits: 0,
    l2Misses: 0,
    l2Fills: 0,
    l2Errors: 0,
    leaseWaits: 0,
    leaseTimeouts: 0,
    loads: 0,
    loadedKeys: 0,
    loadErrors: 0,
    staleWhileRevalidate: 0,
    staleIfError: 0,
  };
}
