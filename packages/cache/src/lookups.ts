import { AppError, unavailable } from '@shortstack/errors';
import type { CacheOptions, Loaded } from './cache.ts';
import { collectPerTurn } from './collect-per-turn.ts';
import type { Counters } from './counters.ts';
import type { StoredEntry } from './entry-format.ts';
import { loadWithin } from './load-within.ts';
import type { createMemoryTier } from './memory-tier.ts';
import { report } from './report.ts';

const MAX_BATCH = 500;

interface Lookup<T> extends PromiseWithResolvers<T | null> {
  key: string;
  /** What is older than this is known to be outdated. Rises when a change is announced meanwhile. */
  minVersion: number;
}

export interface LookupsOptions<T>
  extends Pick<CacheOptions<T>, 'name' | 'load' | 'codec' | 'loadTimeoutMs'> {
  memory: ReturnType<typeof createMemoryTier<T>>;
  /** L2, in the order of the keys. */
  readRedis: ((keys: readonly string[]) => Promise<(StoredEntry | undefined)[]>) | undefined;
  fillRedis: (key: string, loaded: Loaded<T>, payload: string, asOfMs: number) => void;
  /** The version that a key is known to have at least. */
  floorOf: (key: string) => number;
  now: () => number;
  counters: Counters;
}

/** The way of a miss: L2, then the system of record; one lookup per key at a time, one batch per turn of the event loop. */
export function createLookups<T>(options: LookupsOptions<T>) {
  const { name, memory, codec, counters, readRedis, now } = options;
  const underWay = new Map<string, Lookup<T>>();
  const collect = collectPerTurn<Lookup<T>>(MAX_BATCH, (batch) => {
    lookUp(batch).catch((error: unknown) => {
      for (const lookup of batch) fail(lookup, error);
    });
  });

  async function lookUp(batch: Lookup<T>[]): Promise<void> {
    const missing = readRedis ? await findInRedis(batch, readRedis) : batch;
    if (missing.length > 0) await loadFromRecord(missing);
  }

  /** Returns those that Redis could not answer. */
  async function findInRedis(
    batch: Lookup<T>[],
    read: NonNullable<typeof readRedis>,
  ): Promise<Lookup<T>[]> {
    const entries = await read(batch.map(({ key }) => key));
    const missing = batch.filter((lookup, index) => {
      const entry = entries[index];
      if (entry === undefined) return true;
      lookup.minVersion = Math.max(lookup.minVersion, entry.version);
      const found = entry.version === lookup.minVersion ? understand(entry) : undefined;
      if (found === undefined) return true;
      memory.set(lookup.key, found, entry.payload.length);
      succeed(lookup, found.value);
      return false;
    });
    counters.l2Hits += batch.length - missing.length;
    counters.l2Misses += missing.length;
    return missing;
  }

  function understand({ kind, version, payload }: StoredEntry): Loaded<T> | undefined {
    if (kind === 'floor') return undefined;
    if (kind === 'absent') return { version, value: null };
    try {
      return { version, value: codec.decode(payload) };
    } catch {
      report('cache.l2_undecodable', name);
      return undefined;
    }
  }

  async function loadFromRecord(lookups: Lookup<T>[]): Promise<void> {
    const epoch = memory.epoch;
    const asOfMs = now();
    const minVersions = lookups.map(({ minVersion }) => minVersion);
    let loaded: Map<string, Loaded<T>>;
    try {
      loaded = await load(lookups.map(({ key }) => key));
    } catch (error) {
      for (const lookup of lookups) fail(lookup, error);
      return;
    }
    const overtaken = lookups.filter((lookup, index) => {
      const answer = loaded.get(lookup.key) ?? { version: 0, value: null };
      const outdated = answer.version < lookup.minVersion;
      const changedMeanwhile = lookup.minVersion !== minVersions[index];
      if (epoch !== memory.epoch || (outdated && changedMeanwhile)) return true;
      if (outdated) report('cache.outdated_loads', name);
      else keep(lookup.key, answer, asOfMs);
      // The system of record has the last word, but what contradicts an announced change is not kept.
      succeed(lookup, answer.value);
      return false;
    });
    if (overtaken.length > 0) await loadFromRecord(overtaken);
  }

  async function load(keys: string[]): Promise<Map<string, Loaded<T>>> {
    counters.loads += 1;
    counters.loadedKeys += keys.length;
    try {
      return await loadWithin(() => options.load(keys), options.loadTimeoutMs);
    } catch (error) {
      counters.loadErrors += 1;
      report('cache.load_errors', name);
      throw error;
    }
  }

  function keep(key: string, answer: Loaded<T>, asOfMs: number): void {
    const payload = answer.value === null ? '' : codec.encode(answer.value);
    memory.set(key, answer, payload.length);
    options.fillRedis(key, answer, payload, asOfMs);
  }

  function succeed(lookup: Lookup<T>, value: T | null): void {
    underWay.delete(lookup.key);
    lookup.resolve(value);
  }

  function fail(lookup: Lookup<T>, cause: unknown): void {
    if (underWay.get(lookup.key) !== lookup) return;
    const stale = memory.servable(lookup.key, lookup.minVersion);
    if (stale !== undefined) {
      counters.staleServed += 1;
      report('cache.stale_served', name);
      succeed(lookup, stale);
      return;
    }
    underWay.delete(lookup.key);
    // Whoever knows which thing is away says it better.
    const isTold = cause instanceof AppError && cause.kind === 'unavailable';
    lookup.reject(
      isTold
        ? cause
        : unavailable('CACHE_LOAD_FAILED', `${name} can't be read at the moment.`, { cause }),
    );
  }

  return {
    get(key: string): Promise<T | null> {
      const running = underWay.get(key);
      if (running !== undefined) {
        counters.coalesced += 1;
        return running.promise;
      }
      const minVersion = Math.max(options.floorOf(key), memory.versionOf(key));
      const lookup = { ...Promise.withResolvers<T | null>(), key, minVersion };
      underWay.set(key, lookup);
      collect(lookup);
      return lookup.promise;
    },
    /** What is older than `version` is no answer any more for a lookup under way. */
    raise(key: string, version: number): void {
      const lookup = underWay.get(key);
      if (lookup !== undefined) lookup.minVersion = Math.max(lookup.minVersion, version);
    },
  };
}
