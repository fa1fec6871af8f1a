import { LRUCache } from 'lru-cache';
import type { CacheOptions, Loaded } from './cache.ts';
import type { Counters } from './counters.ts';

/**
 * There may be 100,000 of these. Times are whole milliseconds since the cache was made: V8 keeps such a number in its field for
 * the first 24 days, and any other in an object of 16 bytes.
 */
interface Entry<T> extends Loaded<T> {
  /** Never moves. */
  expiresAt: number;
  /** `expiresAt`, or later while the system of record fails. Never moves because of a hit. */
  freshUntil: number;
  /** The epoch in which its lookup began. */
  epoch: number;
}

type MemoryOptions<T> = Pick<
  CacheOptions<T>,
  'l1' | 'negative' | 'negativeTtlSeconds' | 'staleWhileRevalidateSeconds' | 'staleIfErrorSeconds'
> & { now: () => number; shorten: (seconds: number) => number; counters: Counters };

/** Measured: what an entry takes beside its characters, with a link as its value. */
const ENTRY_OVERHEAD_BYTES = 200;
const STALE_HOLD_MS = 1_000;
/** Given to each lookup, which would otherwise make an object of its own. */
const LOOKUP = {};

/**
 * L1: two bounded LRU maps, one for values and one for keys that don't exist. Entries stay past their expiry,
 * to be served if the system of record fails.
 */
export function createMemoryTier<T>(options: MemoryOptions<T>) {
  const { l1, shorten, counters } = options;
  const madeAtMs = options.now();
  const now = () => options.now() - madeAtMs;
  const revalidateMs = (options.staleWhileRevalidateSeconds ?? 0) * 1_000;
  const serveMs = options.staleIfErrorSeconds * 1_000;
  const dispose = (_entry: Entry<T>, _key: string, reason: string) => {
    if (reason === 'evict') counters.l1Evictions += 1;
  };
  const values = new LRUCache<string, Entry<T>>({
    max: l1.maxEntries,
    maxSize: l1.maxBytes,
    dispose,
  });
  const negatives = new LRUCache<string, Entry<T>>({ max: options.negative.maxEntries, dispose });
  let epoch = 0;

  function find(key: string): Entry<T> | undefined {
    return values.get(key, LOOKUP) ?? negatives.get(key, LOOKUP);
  }

  function remove(key: string): void {
    values.delete(key);
    negatives.delete(key);
  }

  return {
    /** Entries of an earlier epoch are not fresh. */
    get epoch() {
      return epoch;
    },
    /** What is fresh; `null`: known not to exist; `undefined`: nothing fresh. */
    fresh(key: string): T | null | undefined {
      const entry = find(key);
      if (entry === undefined || entry.epoch !== epoch || now() >= entry.freshUntil)
        return undefined;
      return entry.value;
    },
    /** A value that has just expired, and that nothing says has changed. */
    revalidatable(key: string): T | undefined {
      const entry = values.get(key, LOOKUP);
      if (entry === undefined || entry.epoch !== epoch || now() >= entry.expiresAt + revalidateMs)
        return undefined;
      return entry.value ?? undefined;
    },
    /** What may be served while the system of record fails; from now on and for a second it counts as fresh. */
    servable(key: string, minVersion: number): T | null | undefined {
      const entry = find(key);
      if (entry === undefined || entry.version < minVersion) return undefined;
      const time = now();
      const servableUntil = entry.expiresAt + serveMs;
      if (time >= servableUntil) return undefined;
      // Lest each request for a popular key waits for a system of record that hangs.
      entry.freshUntil = Math.min(time + STALE_HOLD_MS, servableUntil);
      entry.epoch = epoch;
      return entry.value;
    },
    versionOf(key: string): number {
      return (values.peek(key) ?? negatives.peek(key))?.version ?? 0;
    },
    /** `characters`: the size of the encoded value. `fromMs`: when its lifetime began. */
    set(key: string, loaded: Loaded<T>, characters: number, fromMs: number): void {
      const { version, value } = loaded;
      const ttlSeconds = value === null ? options.negativeTtlSeconds : l1.ttlSeconds;
      const expiresAt = Math.trunc(fromMs - madeAtMs + shorten(ttlSeconds) * 1_000);
      const entry = { version, value, expiresAt, freshUntil: expiresAt, epoch };
      counters.l1Fills += 1;
      remove(key);
      if (value === null) negatives.set(key, entry);
      else values.set(key, entry, { size: key.length + characters + ENTRY_OVERHEAD_BYTES });
    },
    dropOlder(key: string, version: number): void {
      const entry = values.peek(key) ?? negatives.peek(key);
      if (entry !== undefined && entry.version < version) remove(key);
    },
    markStale(): void {
      epoch += 1;
    },
    clear(): void {
      values.clear();
      negatives.clear();
    },
    sizes() {
      return {
        entries: values.size,
        negativeEntries: negatives.size,
        bytes: values.calculatedSize,
      };
    },
  };
}
