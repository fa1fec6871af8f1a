import { startTestRedis } from '@shortstack/testing';
import { describe, expect, test } from 'vitest';
import { createClock, createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

const server = await startTestRedis();

async function setUp() {
  const record = createRecord();
  const clock = createClock();
  const keyOf = ownKeys();
  const redis = await openRedis({ url: server.url });
  const open = () => openCache({ record, redis, keyOf, now: clock.now });
  return { record, clock, redis, keyOf, cache: open(), open };
}

describe('a cache with Redis', () => {
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

  test('reads the keys missed in one turn with one MGET', async () => {
    const { redis, cache } = await setUp();
    await redis.run((client) => client.config('RESETSTAT'));
    await Promise.all(Array.from({ length: 300 }, (_, i) => cache.get(`k${i}`)));
    const stats = await redis.run((client) => client.info('commandstats'));
    expect(stats).toMatch(/cmdstat_mget:calls=1,/);
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
});
