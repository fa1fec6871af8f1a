import { AppError, unavailable } from '@shortstack/errors';
import type { CacheOptions, Loaded } from './cache.ts';
import { collectPerTurn } from './collect-per-turn.ts';
import type { Counters } from './counters.ts';
import type { StoredEntry } from './entry-format.ts';
import { createRecordLoader, type RecordLoaderOptions } from './load-from-record.ts';
import { createLeasedLoading } from './load-under-lease.ts';
import { keysOf, type Lookup } from './lookup.ts';
import type { createRedisTier } from './redis-tier.ts';
import { report } from './report.ts';

export interface LookupsOptions<T>
  extends Omit<RecordLoaderOptions<T>, 'succeed' | 'fail'>,
    Required<Pick<CacheOptions<T>, 'maxBatch' | 'leaseWaitMs'>> {
  tier: ReturnType<typeof createRedisTier> | undefined;
  /** The version that a key is known to have at least. */
  floorOf: (key: string) => number;
  endLease: (key: string, lease: number) => void;
  counters: Counters;
}

/** The way of a miss: L2, then the system of record; one lookup per key at a time, one batch per turn of the event loop. */
export function createLookups<T>(options: LookupsOptions<T>) {
  const { name, memory, codec, counters, tier, leaseWaitMs } = options;
  const underWay = new Map<string, Lookup<T>>();
  const load = createRecordLoader<T>({ ...options, succeed, fail });
  const loadUnderLease =
    tier && leaseWaitMs > 0 ? createLeasedLoading<T>({ ...options, tier, answer, load }) : load;
  const collect = collectPerTurn<Lookup<T>>(options.maxBatch, (batch) => {
    lookUp(batch).catch((error: unknown) => {
      for (const lookup of batch) fail(lookup, error);
    });
  });

  async function lookUp(batch: Lookup<T>[]): Promise<void> {
    const entries = await tier?.read(keysOf(batch));
    // Without Redis nobody can be waited for.
    if (entries === undefined) return load(batch);
    const missing = batch.filter((lookup, index) => !answer(lookup, entries[index]));
    counters.l2Hits += batch.length - missing.length;
    counters.l2Misses += missing.length;
    if (missing.length > 0) await loadUnderLease(missing);
  }

  function answer(lookup: Lookup<T>, entry: StoredEntry | undefined): boolean {
    if (entry === undefined) return false;
    if (entry.version > lookup.minVersion) {
      lookup.minVersion = entry.version;
      memory.dropOlder(lookup.key, entry.version);
    }
    const found = entry.version === lookup.minVersion ? understand(entry) : undefined;
    if (found === undefined) return false;
    memory.set(lookup.key, found, entry.payload.length, options.now());
    succeed(lookup, found.value);
    return true;
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

  function succeed(lookup: Lookup<T>, value: T | null): void {
    underWay.delete(lookup.key);
    endLease(lookup);
    lookup.resolve(value);
  }

  function fail(lookup: Lookup<T>, cause: unknown): void {
    if (underWay.get(lookup.key) !== lookup) return;
    const stale = memory.servable(lookup.key, lookup.minVersion);
    if (stale !== undefined) {
      counters.staleIfError += 1;
      report('cache.stale_served', name);
      succeed(lookup, stale);
      return;
    }
    underWay.delete(lookup.key);
    endLease(lookup);
    // Whoever knows which thing is away says it better.
    const isTold = cause instanceof AppError && cause.kind === 'unavailable';
    lookup.reject(
      isTold
        ? cause
        : unavailable('CACHE_LOAD_FAILED', `${name} can't be read at the moment.`, { cause }),
    );
  }

  /** Where the lookup has left no value for others, they need not wait for one. */
  function endLease({ key, lease }: Lookup<T>): void {
    if (lease !== undefined) options.endLease(key, lease);
  }

  function get(key: string): Promise<T | null> {
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
  }

  return {
    get,
    /** Looks the key up again unless that is under way; nobody waits for it. */
    refresh(key: string): void {
      // A failure has been counted, and whoever finds nothing to serve meets it anew.
      if (!underWay.has(key)) get(key).catch(() => {});
    },
    /** What is older than `version` is no answer any more for a lookup under way. */
    raise(key: string, version: number): void {
      const lookup = underWay.get(key);
      if (lookup !== undefined) lookup.minVersion = Math.max(lookup.minVersion, version);
    },
  };
}
