import { cacheMetrics } from '@shortstack/cache';
import { until } from '@shortstack/testing';
import { describe, expect, test } from 'vitest';
import { createClock, createRecord, openCache } from './fixture.ts';

function setUp(options: Partial<Parameters<typeof openCache>[0]> = {}) {
  const record = createRecord();
  const clock = createClock();
  const cache = openCache({ record, now: clock.now, ...options });
  return { record, clock, cache };
}

describe('a cache without Redis', () => {
  test('loads a value once and then serves it from memory, synchronously', async () => {
    const { record, cache } = setUp();
    record.store('a', 1, 'one');
    expect(cache.peek('a')).toBeUndefined();
    expect(await cache.get('a')).toBe('one');
    expect(cache.peek('a')).toBe('one');
    expect(await cache.get('a')).toBe('one');
    expect(record.calls).toEqual([['a']]);
  });

  test('expires a value at its time however often it is hit', async () => {
    const { record, clock, cache } = setUp();
    record.store('a', 1, 'one');
    await cache.get('a');
    for (let second = 0; second < 9; second += 1) {
      clock.advance(1);
      expect(cache.peek('a')).toBe('one');
    }
    clock.advance(1);
    expect(cache.peek('a')).toBeUndefined();
    record.store('a', 2, 'two');
    expect(await cache.get('a')).toBe('two');
  });

  test('shortens lifetimes by up to the jitter, never prolongs them', async () => {
    let chance = 0;
    const { record, clock, cache } = setUp({ jitter: 0.2, random: () => chance });
    record.store('a', 1, 'one');
    record.store('b', 1, 'two');
    await cache.get('a');
    chance = 0.999_999;
    await cache.get('b');
    clock.advance(8.5);
    expect([cache.peek('a'), cache.peek('b')]).toEqual(['one', undefined]);
    clock.advance(1.5);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('remembers for a shorter time that a key does not exist', async () => {
    const { record, clock, cache } = setUp();
    expect(await cache.get('nobody')).toBeNull();
    expect(cache.peek('nobody')).toBeNull();
    clock.advance(5);
    expect(cache.peek('nobody')).toBeUndefined();
    record.store('nobody', 1, 'born');
    expect(await cache.get('nobody')).toBe('born');
  });

  test('loses no value to a scanner of unknown keys', async () => {
    const { record, cache } = setUp({ l1: { maxEntries: 10, maxBytes: 1e6, ttlSeconds: 10 } });
    record.store('a', 1, 'one');
    await cache.get('a');
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => cache.get(`scan-${i}`)));
    expect(cache.peek('a')).toBe('one');
    expect(cache.stats()).toMatchObject({ entries: 1, negativeEntries: 100 });
  });

  test('stays within its bytes and serves what is too large for it without keeping it', async () => {
    const { record, cache } = setUp({
      l1: { maxEntries: 1_000, maxBytes: 10_000, ttlSeconds: 10 },
    });
    for (let i = 0; i < 100; i += 1) record.store(`k${i}`, 1, 'x'.repeat(300));
    record.store('huge', 1, 'x'.repeat(20_000));
    await Promise.all(Array.from({ length: 100 }, (_, i) => cache.get(`k${i}`)));
    expect(cache.stats().bytes).toBeLessThanOrEqual(10_000);
    expect(cache.stats().entries).toBeGreaterThan(10);
    expect(await cache.get('huge')).toHaveLength(20_000);
    expect(cache.peek('huge')).toBeUndefined();
  });

  test('sends 1,000 concurrent requests for one key to the system of record once', async () => {
    const { record, cache } = setUp();
    record.store('hot', 1, 'value');
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => cache.get('hot')));
    expect(new Set(answers)).toEqual(new Set(['value']));
    expect(record.calls).toEqual([['hot']]);
    expect(cache.stats().coalesced).toBe(999);
  });

  test('loads the keys missed in one turn in one call, 500 at most', async () => {
    const { record, cache } = setUp();
    await Promise.all(Array.from({ length: 1_200 }, (_, i) => cache.get(`k${i}`)));
    expect(record.calls.map((keys) => keys.length)).toEqual([500, 500, 200]);
  });

  test('serves an expired value while the system of record fails, until the grace is over', async () => {
    const { record, clock, cache } = setUp();
    record.store('a', 1, 'one');
    await cache.get('a');
    record.failWith(new Error('down'));
    clock.advance(10 + 29);
    expect(await cache.get('a')).toBe('one');
    clock.advance(1);
    await expect(cache.get('a')).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'CACHE_LOAD_FAILED',
      cause: expect.objectContaining({ message: 'down' }),
    });
    expect(cache.stats()).toMatchObject({ staleIfError: 1, loadErrors: 2 });
  });

  test('asks a failing system of record again only after a second, and serves its answer once it is back', async () => {
    const { record, clock, cache } = setUp();
    record.store('a', 1, 'one');
    await cache.get('a');
    record.failWith(new Error('down'));
    clock.advance(10);
    await cache.get('a');
    const callsSoFar = record.calls.length;
    expect(cache.peek('a')).toBe('one');
    clock.advance(1);
    expect(cache.peek('a')).toBeUndefined();
    record.failWith(undefined);
    record.store('a', 2, 'two');
    expect(await cache.get('a')).toBe('two');
    expect(record.calls).toHaveLength(callsSoFar + 1);
  });

  test('rejects where nothing is known while the system of record fails', async () => {
    const { record, cache } = setUp();
    record.failWith(new Error('down'));
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
  });

  test('does not wait for a system of record that hangs', async () => {
    const { record, clock, cache } = setUp({ loadTimeoutMs: 30 });
    record.store('a', 1, 'one');
    await cache.get('a');
    clock.advance(10);
    const release = record.hold();
    expect(await cache.get('a')).toBe('one');
    await expect(cache.get('b')).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
    release();
  });

  test('after markStale asks again for everything, and serves what it has only if that fails', async () => {
    const { record, cache } = setUp();
    record.store('a', 1, 'one');
    record.store('b', 1, 'uno');
    await Promise.all([cache.get('a'), cache.get('b')]);
    cache.markStale();
    expect(cache.peek('a')).toBeUndefined();
    record.store('a', 2, 'two');
    expect(await cache.get('a')).toBe('two');
    record.failWith(new Error('down'));
    expect(await cache.get('b')).toBe('uno');
    expect(cache.stats().entries).toBe(2);
  });

  test('drops what is older than an announced version and keeps what is not', async () => {
    const { record, cache } = setUp();
    record.store('a', 3, 'three');
    await cache.get('a');
    await cache.invalidate('a', 3);
    expect(cache.peek('a')).toBe('three');
    await cache.invalidate('a', 4);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('does not serve a value that is known to have changed, even while the system of record fails', async () => {
    const { record, cache } = setUp();
    record.store('a', 1, 'one');
    await cache.get('a');
    await cache.invalidate('a', 2);
    record.failWith(new Error('down'));
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
  });

  test('passes on but does not keep what contradicts an announced change', async () => {
    const { record, cache } = setUp();
    record.store('a', 1, 'lagging');
    await cache.invalidate('a', 2);
    expect(await cache.get('a')).toBe('lagging');
    expect(cache.peek('a')).toBeUndefined();
  });
});

describe('while a value that has just expired is renewed', () => {
  async function setUpExpired() {
    const all = setUp({ staleWhileRevalidateSeconds: 3 });
    const { record, clock, cache } = all;
    record.store('a', 1, 'one');
    await cache.get('a');
    record.store('a', 2, 'two');
    clock.advance(10);
    return all;
  }

  test('everyone gets it at once, and one load renews it', async () => {
    const { record, cache } = await setUpExpired();
    const release = record.hold();
    const answers = await Promise.all(Array.from({ length: 100 }, () => cache.get('a')));
    expect(new Set(answers)).toEqual(new Set(['one']));
    release();
    await until(() => cache.peek('a') === 'two');
    expect(record.calls).toHaveLength(2);
    expect(cache.stats().staleWhileRevalidate).toBe(100);
  });

  test('nobody gets it past the bound, however often it was asked for and whether the load fails', async () => {
    const { record, clock, cache } = await setUpExpired();
    const release = record.hold();
    clock.advance(2.9);
    expect(await cache.get('a')).toBe('one');
    clock.advance(0.1);
    const late = cache.get('a');
    release();
    expect(await late).toBe('two');
  });

  test('nobody gets it once it is known to have changed', async () => {
    const { cache } = await setUpExpired();
    await cache.invalidate('a', 2);
    expect(await cache.get('a')).toBe('two');
  });

  test('nobody gets it after markStale', async () => {
    const { cache } = await setUpExpired();
    cache.markStale();
    expect(await cache.get('a')).toBe('two');
  });

  test('a failing load leaves no rejection behind, and stale-if-error takes over', async () => {
    const { record, cache } = await setUpExpired();
    record.failWith(new Error('down'));
    expect(await cache.get('a')).toBe('one');
    await until(() => cache.stats().loadErrors === 1);
    expect(await cache.get('a')).toBe('one');
    expect(cache.stats().staleIfError).toBe(1);
  });

  test('a key that did not exist is asked for again', async () => {
    const { record, clock, cache } = setUp({ staleWhileRevalidateSeconds: 3 });
    await cache.get('a');
    clock.advance(5);
    record.store('a', 1, 'born');
    expect(await cache.get('a')).toBe('born');
  });
});

describe('what is kept', () => {
  test('is never older than its lifetime, even if the load took long', async () => {
    const { record, clock, cache } = setUp();
    record.store('a', 1, 'one');
    const release = record.hold();
    const slow = cache.get('a');
    await until(() => record.calls.length === 1);
    clock.advance(6);
    release();
    await slow;
    clock.advance(4);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('may be empty: that is a value, and no miss', async () => {
    const { record, cache } = setUp();
    record.store('a', 1, '');
    await cache.get('a');
    expect(cache.peek('a')).toBe('');
    expect(await cache.get('a')).toBe('');
    expect(record.calls).toHaveLength(1);
  });
});

describe('options', () => {
  test.for([
    { ttlSeconds: 0 },
    { negativeTtlSeconds: Number.NaN },
    { l1: { maxEntries: 0, maxBytes: 0, ttlSeconds: Number.POSITIVE_INFINITY } },
    { negative: { maxEntries: 0 } },
    { staleIfErrorSeconds: -1 },
    { jitter: 1 },
  ])('%j are refused, since nothing is without bounds', (options) => {
    expect(() => setUp(options)).toThrow(
      expect.objectContaining({ code: 'CACHE_OPTIONS_INVALID', message: expect.any(String) }),
    );
  });
});

describe('metrics', () => {
  test('tell per tier what happened', async () => {
    const { record, cache } = setUp({ l1: { maxEntries: 1, maxBytes: 1e6, ttlSeconds: 10 } });
    record.store('a', 1, 'one');
    record.store('b', 1, 'two');
    await Promise.all([cache.get('a'), cache.get('a'), cache.get('none')]);
    await cache.get('b');
    cache.peek('b');
    const values: Record<string, number> = {};
    for (const { name, read } of cacheMetrics({ links: cache })) {
      for (const { value, attributes } of read()) {
        values[[name, ...Object.values(attributes)].join(' ')] = value;
      }
    }
    expect(values).toMatchObject({
      'shortstack_cache_requests_total links l1 hit': 1,
      'shortstack_cache_requests_total links l1 miss': 3,
      'shortstack_cache_requests_total links l1 coalesced': 1,
      'shortstack_cache_requests_total links origin loaded': 3,
      'shortstack_cache_fills_total links l1': 3,
      'shortstack_cache_evictions_total links l1': 1,
      'shortstack_cache_loads_total links': 2,
      'shortstack_cache_entries links value': 1,
      'shortstack_cache_entries links absent': 1,
      'shortstack_cache_bytes links': 204,
    });
  });
});
