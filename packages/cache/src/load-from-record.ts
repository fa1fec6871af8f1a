import { answerWithin } from './answer-within.ts';
import type { CacheOptions, Loaded } from './cache.ts';
import type { Counters } from './counters.ts';
import { keysOf, type Lookup } from './lookup.ts';
import type { createMemoryTier } from './memory-tier.ts';
import { report } from './report.ts';

export interface RecordLoaderOptions<T>
  extends Pick<CacheOptions<T>, 'name' | 'load' | 'codec' | 'loadTimeoutMs'> {
  memory: ReturnType<typeof createMemoryTier<T>>;
  fillRedis: (key: string, loaded: Loaded<T>, payload: string, asOfMs: number) => void;
  succeed: (lookup: Lookup<T>, value: T | null) => void;
  fail: (lookup: Lookup<T>, cause: unknown) => void;
  now: () => number;
  counters: Counters;
}

/** Returns the last step of a miss: asks the system of record, keeps what it says in both tiers, and answers the lookups. */
export function createRecordLoader<T>(options: RecordLoaderOptions<T>) {
  const { name, memory, codec, counters, now, succeed, fail } = options;

  return async function loadFromRecord(lookups: Lookup<T>[]): Promise<void> {
    const epoch = memory.epoch;
    const asOfMs = now();
    const minVersions = lookups.map(({ minVersion }) => minVersion);
    let loaded: Map<string, Loaded<T>>;
    try {
      loaded = await load(keysOf(lookups));
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
      else keep(lookup, answer, asOfMs);
      // The system of record has the last word, but what contradicts an announced change is not kept.
      succeed(lookup, answer.value);
      return false;
    });
    if (overtaken.length > 0) await loadFromRecord(overtaken);
  };

  async function load(keys: string[]): Promise<Map<string, Loaded<T>>> {
    counters.loads += 1;
    counters.loadedKeys += keys.length;
    try {
      return await answerWithin(options.load(keys), options.loadTimeoutMs);
    } catch (error) {
      counters.loadErrors += 1;
      report('cache.load_errors', name);
      throw error;
    }
  }

  function keep(lookup: Lookup<T>, answer: Loaded<T>, asOfMs: number): void {
    const payload = answer.value === null ? '' : codec.encode(answer.value);
    memory.set(lookup.key, answer, payload.length, asOfMs);
    // The value takes the place of the lease.
    delete lookup.lease;
    options.fillRedis(lookup.key, answer, payload, asOfMs);
  }
}
