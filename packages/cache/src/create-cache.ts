import type { RedisConnection } from '@shortstack/redis';
import type { Cache, CacheOptions, Loaded } from './cache.ts';
import { createChangeWriter } from './change-writer.ts';
import { checkOptions } from './check-options.ts';
import { createCounters } from './counters.ts';
import type { StoredEntry } from './entry-format.ts';
import { createLookups } from './lookups.ts';
import { createMemoryTier } from './memory-tier.ts';
import { createRedisTier } from './redis-tier.ts';
import { report } from './report.ts';
import { createVersionFloors } from './version-floors.ts';

const firstVersion = 1;

/**
 * Creates a cache-aside cache of versioned values: L1 in this process, L2 in Redis, the system of record behind them.
 *
 * From the call of `invalidate(key, version)` on, this process serves no older version of the key, whichever lookups,
 * fills or writes were under way in any process. Other processes have to be told as well.
 *
 * @see https://www.usenix.org/system/files/conference/nsdi13/nsdi13-final170_update.pdf section 3.2.1, on stale sets and
 *   stampedes: versions stand here for the former, leases for the latter
 */
export function createCache<T>(options: CacheOptions<T>): Cache<T> {
  checkOptions(options);
  const { name, keyOf, codec, redis } = options;
  const { jitter = 0.1, now = Date.now, random = Math.random } = options;
  const shorten = (seconds: number) => seconds * (1 - jitter * random());
  const counters = createCounters();
  const memory = createMemoryTier<T>({ ...options, now, shorten, counters });
  const floors = createVersionFloors();
  const shared = redis && createSharedTier(redis);
  const writes = new Set<Promise<void>>();

  function createSharedTier(connection: RedisConnection) {
    const tier = createRedisTier({
      redis: connection,
      keyOf,
      now,
      onError() {
        counters.l2Errors += 1;
        report('cache.l2_errors', name);
      },
      onServerChange() {
        floors.doubtRedis();
        changes.tellAgain();
      },
    });
    const ttlSeconds = () => shorten(options.ttlSeconds);
    const changes = createChangeWriter({ redis: connection, tier, floors, ttlSeconds, now });
    return { tier, changes };
  }

  const lookups = createLookups<T>({
    ...options,
    maxBatch: options.maxBatch ?? 500,
    leaseWaitMs: options.leaseWaitMs ?? 50,
    memory,
    tier: shared?.tier,
    fillRedis(key, loaded, payload, asOfMs) {
      const ttlSeconds = loaded.version === 0 ? options.negativeTtlSeconds : options.ttlSeconds;
      const entry = storedEntry(loaded, payload, asOfMs);
      inBackground(fill(key, entry, shorten(ttlSeconds)));
    },
    endLease: (key, lease) => inBackground(shared?.tier.endLease(key, lease)),
    floorOf: (key) => floors.of(key),
    now,
    counters,
  });

  async function fill(key: string, entry: StoredEntry, ttlSeconds: number): Promise<void> {
    if (await shared?.tier.fill(key, entry, ttlSeconds)) counters.l2Fills += 1;
  }

  /** None of the writes that nobody waits for rejects. */
  function inBackground(write: Promise<void> | undefined): void {
    if (write === undefined) return;
    writes.add(write);
    void write.then(() => writes.delete(write));
  }

  /** Returns whether Redis still has to be told. */
  function outdate(key: string, version: number): boolean {
    memory.dropOlder(key, version);
    lookups.raise(key, version);
    return floors.raise(key, version);
  }

  return {
    peek(key) {
      const value = memory.fresh(key);
      if (value !== undefined) counters.l1Hits += 1;
      return value;
    },
    get(key) {
      const value = memory.fresh(key);
      if (value !== undefined) {
        counters.l1Hits += 1;
        return Promise.resolve(value);
      }
      const expired = memory.revalidatable(key);
      if (expired !== undefined) {
        counters.staleWhileRevalidate += 1;
        lookups.refresh(key);
        return Promise.resolve(expired);
      }
      counters.l1Misses += 1;
      return lookups.get(key);
    },
    async put(key, loaded) {
      outdate(key, loaded.version);
      if (!shared) return false;
      const payload = loaded.value === null ? '' : codec.encode(loaded.value);
      const written = await shared.changes.write(key, storedEntry(loaded, payload, now()));
      if (written) counters.l2Fills += 1;
      return written;
    },
    async invalidate(key, version) {
      const news = outdate(key, version);
      if (news) await shared?.changes.writeFloor(key, floors.of(key));
    },
    appeared(keys) {
      for (const key of keys) {
        memory.dropOlder(key, firstVersion);
        lookups.raise(key, firstVersion);
      }
      shared?.tier.distrustAbsence();
    },
    markStale() {
      memory.markStale();
      shared?.tier.distrust();
    },
    stats() {
      return { ...counters, ...memory.sizes() };
    },
    async close() {
      await shared?.changes.close();
      await Promise.all(writes);
      shared?.tier.close();
      memory.clear();
    },
  };
}

function storedEntry<T>(loaded: Loaded<T>, payload: string, asOfMs: number): StoredEntry {
  const kind = loaded.value === null ? 'absent' : 'value';
  return { version: loaded.version, asOfMs, kind, payload };
}
