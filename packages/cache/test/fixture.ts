import { randomUUID } from 'node:crypto';
import { type CacheOptions, createCache, type Loaded } from '@shortstack/cache';
import { type ConnectRedisOptions, connectRedis, type RedisConnection } from '@shortstack/redis';
import { onTestFinished } from 'vitest';

/** A system of record in memory, whose answers can be held back and which can fail. */
export function createRecord() {
  const rows = new Map<string, Loaded<string>>();
  const calls: string[][] = [];
  let gate = Promise.resolve();
  let failure: Error | undefined;
  return {
    calls,
    store(key: string, version: number, value: string | null) {
      rows.set(key, { version, value });
    },
    /** From now on loads read at once and answer only after the returned function is called. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return () => {
        gate = Promise.resolve();
        resolve();
      };
    },
    failWith(error: Error | undefined) {
      failure = error;
    },
    async load(keys: readonly string[]): Promise<Map<string, Loaded<string>>> {
      calls.push([...keys]);
      const answer = new Map<string, Loaded<string>>();
      for (const key of keys) {
        const row = rows.get(key);
        if (row) answer.set(key, row);
      }
      const error = failure;
      await gate;
      if (error) throw error;
      return answer;
    },
  };
}

export type TestRecord = ReturnType<typeof createRecord>;

export function createClock() {
  let time = 1_800_000_000_000;
  return {
    now: () => time,
    advance(seconds: number) {
      time += seconds * 1_000;
    },
  };
}

export type Clock = ReturnType<typeof createClock>;

/** A cache with round TTLs, closed when the test ends: L1 10 s, L2 60 s, absence 5 s, 30 s of grace. */
export function openCache(options: { record: TestRecord } & Partial<CacheOptions<string>>) {
  const { record, ...rest } = options;
  const cache = createCache<string>({
    name: 'links',
    keyOf: (key) => key,
    load: (keys) => record.load(keys),
    codec: { encode: (value) => value, decode: (text) => text },
    ttlSeconds: 60,
    negativeTtlSeconds: 5,
    staleIfErrorSeconds: 30,
    jitter: 0,
    l1: { maxEntries: 1_000, maxBytes: 1_000_000, ttlSeconds: 10 },
    negative: { maxEntries: 100 },
    loadTimeoutMs: 2_000,
    ...rest,
  });
  onTestFinished(() => cache.close());
  return cache;
}

/** A connection closed when the test ends. */
export async function openRedis(
  target: Omit<ConnectRedisOptions, 'name'>,
): Promise<RedisConnection> {
  const redis = connectRedis({ ...target, name: 'cache' });
  onTestFinished(() => redis.close());
  await redis.ready();
  return redis;
}

/** A namespace of the test's own in a shared server. */
export function ownKeys(): (key: string) => string {
  const prefix = randomUUID();
  return (key) => `test:${prefix}:${key}`;
}
