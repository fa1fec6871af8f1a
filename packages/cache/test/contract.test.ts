import type { CacheOptions } from '@shortstack/cache';
import { startTestTopology, until } from '@shortstack/testing';
import { describe, expect, test } from 'vitest';
import { createClock, createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

const { connection } = await startTestTopology();

async function setUp(options: Partial<CacheOptions<string>> = {}) {
  const record = createRecord();
  const clock = createClock();
  const keyOf = ownKeys();
  const redis = await openRedis(connection);
  const open = () => openCache({ record, redis, keyOf, now: clock.now, ...options });
  return { record, clock, redis, keyOf, cache: open(), open };
}

describe('a cache', () => {
  test('fills Redis for other processes', async () => {
    const { record, cache, open } = await setUp();
    record.store('a', 1, 'one');
    await cache.get('a');
    await cache.close();
    expect(await open().get('a')).toBe('one');
    expect(record.calls).toHaveLength(1);
  });

  test('tells other processes that a key does not exist, for a shorter time', async () => {
    const { record, redis, keyOf, cache, open } = await setUp();
    await cache.get('nobody');
    await cache.close();
    expect(await open().get('nobody')).toBeNull();
    expect(record.calls).toHaveLength(1);
    const ttlMs = await redis.run((client) => client.pttl(keyOf('nobody')));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(5_000);
  });

  test('gives every entry a lifetime', async () => {
    const { record, redis, keyOf, cache } = await setUp();
    record.store('filled', 1, 'x');
    await cache.get('filled');
    await cache.put('put', { version: 1, value: 'x' });
    await cache.invalidate('floor', 1);
    await cache.close();
    for (const key of ['filled', 'put', 'floor']) {
      const ttlMs = await redis.run((client) => client.pttl(keyOf(key)));
      expect(ttlMs).toBeGreaterThan(0);
      expect(ttlMs).toBeLessThanOrEqual(60_000);
    }
  });

  test('takes what newer code has written for a floor of its version', async () => {
    const { record, redis, keyOf, cache } = await setUp();
    record.store('a', 4, 'four');
    await redis.run((client) => client.set(keyOf('a'), '2 4 {"something":"else"}'));
    expect(await cache.get('a')).toBe('four');
    await redis.run((client) => client.set(keyOf('b'), '2 9 {}'));
    await cache.put('b', { version: 8, value: 'older' });
    expect(await redis.run((client) => client.get(keyOf('b')))).toBe('2 9 {}');
  });

  test('loads what it cannot read', async () => {
    const { record, redis, keyOf, cache } = await setUp();
    record.store('a', 1, 'one');
    await redis.run((client) => client.set(keyOf('a'), 'garbage'));
    expect(await cache.get('a')).toBe('one');
    record.store('b', 1, 'one');
    await redis.run((client) => client.lpush(keyOf('b'), 'not a string'));
    expect(await cache.get('b')).toBe('one');
  });

  test('does not serve what Redis knows to be outdated, even while the system of record fails', async () => {
    const { record, clock, cache, open } = await setUp();
    record.store('a', 1, 'one');
    await cache.get('a');
    clock.advance(10);
    await open().invalidate('a', 2);
    record.failWith(new Error('down'));
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
  });

  test('after markStale believes Redis only about what was loaded later', async () => {
    const { record, clock, cache, open } = await setUp();
    record.store('a', 1, 'old');
    await cache.get('a');
    cache.markStale();
    record.store('a', 2, 'new');
    expect(await cache.get('a')).toBe('new');

    clock.advance(20);
    record.store('b', 1, 'loaded later');
    const other = open();
    await other.get('b');
    await other.close();
    const callsSoFar = record.calls.length;
    expect(await cache.get('b')).toBe('loaded later');
    expect(record.calls).toHaveLength(callsSoFar);
  });

  test('finds each of many keys missed in one turn', async () => {
    const { record, cache, open } = await setUp();
    const keys = Array.from({ length: 600 }, (_, i) => `k${i}`);
    for (const key of keys) record.store(key, 1, `value of ${key}`);
    const values = keys.map((key) => `value of ${key}`);
    expect(await Promise.all(keys.map((key) => cache.get(key)))).toEqual(values);
    await cache.close();
    const other = open();
    expect(await Promise.all(keys.map((key) => other.get(key)))).toEqual(values);
    expect(other.stats()).toMatchObject({ l2Hits: 600, loads: 0, l2Errors: 0 });
  });

  test('writes through what was created, and tells of its absence no more', async () => {
    const { record, cache, open } = await setUp();
    const other = open();
    expect(await other.get('a')).toBeNull();
    record.store('a', 1, 'created');
    expect(await cache.put('a', { version: 1, value: 'created' })).toBe(true);
    await other.invalidate('a', 1);
    expect(await other.get('a')).toBe('created');
    expect(record.calls).toHaveLength(1);
  });

  test('keeps a deleted key deleted when an older value is written late', async () => {
    const { record, cache, open } = await setUp();
    record.store('a', 3, null);
    await cache.put('a', { version: 3, value: null });
    await open().put('a', { version: 2, value: 'before' });
    expect(await open().get('a')).toBeNull();
    expect(await cache.get('a')).toBeNull();
  });

  test('lets no load that began before a change put the old value back', async () => {
    const { record, cache, open } = await setUp();
    record.store('a', 1, 'old');
    const release = record.hold();
    const early = cache.get('a');
    await until(() => record.calls.length === 1);
    record.store('a', 2, 'new');
    await open().invalidate('a', 2);
    release();
    expect(await early).toBe('old');
    await cache.close();
    expect(await open().get('a')).toBe('new');
  });

  test('lets one of several processes load for all', async () => {
    const { record, open } = await setUp({ leaseWaitMs: 10_000 });
    record.store('hot', 1, 'one');
    const fleet = Array.from({ length: 8 }, open);
    const answers = await Promise.all(fleet.map((cache) => cache.get('hot')));
    expect(new Set(answers)).toEqual(new Set(['one']));
    expect(record.calls).toHaveLength(1);
  });

  test('lets the next process load when the first could not', async () => {
    const { record, cache, open } = await setUp({ leaseWaitMs: 10_000 });
    record.store('hot', 1, 'one');
    record.failWith(new Error('down'));
    const release = record.hold();
    const first = cache.get('hot');
    await until(() => record.calls.length === 1);
    record.failWith(undefined);
    const second = open().get('hot');
    release();
    await expect(first).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
    expect(await second).toBe('one');
  });

  test('never serves while renewing what Redis knows to be outdated', async () => {
    const { record, clock, cache, open } = await setUp({ staleWhileRevalidateSeconds: 30 });
    record.store('a', 1, 'one');
    await cache.get('a');
    clock.advance(10);
    await open().invalidate('a', 2);
    record.store('a', 2, 'two');
    const release = record.hold();
    // The first cannot know yet: it asks Redis.
    expect(await cache.get('a')).toBe('one');
    await until(() => record.calls.length === 2);
    const next = cache.get('a');
    release();
    expect(await next).toBe('two');
  });
});
