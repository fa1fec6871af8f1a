import { startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { createClock, createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

const server = await startTestRedis();

/** As many processes as asked for, each with a connection and a memory of its own. They wait for leases as long as the test allows. */
async function openFleet(size: number, leaseWaitMs = 10_000) {
  const record = createRecord();
  const clock = createClock();
  const keyOf = ownKeys();
  const redis = await openRedis({ url: server.url });
  const open = async () =>
    openCache({
      record,
      redis: await openRedis({ url: server.url }),
      keyOf,
      now: clock.now,
      leaseWaitMs,
      staleWhileRevalidateSeconds: 5,
    });
  const fleet = await Promise.all(Array.from({ length: size }, open));
  /** Everyone asks for the key many times at once. */
  const ask = (key: string) =>
    Promise.all(fleet.flatMap((cache) => Array.from({ length: 10 }, () => cache.get(key))));
  const stored = () => redis.run((client) => client.get(keyOf('hot')));
  const expire = () => redis.run((client) => client.del(keyOf('hot')));
  return { record, clock, keyOf, redis, fleet, ask, stored, expire };
}

test('20 processes that miss a key at once load it once', async () => {
  const { record, fleet, ask } = await openFleet(20);
  record.store('hot', 1, 'one');
  const release = record.hold();
  const answers = ask('hot');
  await until(() => fleet.filter((cache) => cache.stats().leaseWaits === 1).length === 19);
  release();
  expect(new Set(await answers)).toEqual(new Set(['one']));
  expect(record.calls).toEqual([['hot']]);
});

test('a hot entry that expires in all processes and in Redis is loaded once, and nobody waits for it', async () => {
  const { record, clock, fleet, ask, stored, expire } = await openFleet(20);
  record.store('hot', 1, 'one');
  await ask('hot');
  await until(async () => (await stored())?.endsWith('vone'));
  record.store('hot', 2, 'two');
  clock.advance(10);
  await expire();
  const release = record.hold();
  expect(new Set(await ask('hot'))).toEqual(new Set(['one']));
  release();
  await until(() => fleet.every((cache) => cache.peek('hot') === 'two'));
  expect(record.calls).toHaveLength(2);
});

test('a changed entry of which all are told is loaded once', async () => {
  const { record, fleet, ask, stored } = await openFleet(20);
  record.store('hot', 1, 'one');
  await ask('hot');
  await until(async () => (await stored())?.endsWith('vone'));
  record.store('hot', 2, 'two');
  await Promise.all(fleet.map((cache) => cache.invalidate('hot', 2)));
  expect(new Set(await ask('hot'))).toEqual(new Set(['two']));
  expect(record.calls).toHaveLength(2);
});

test('an unknown key is looked up once for all', async () => {
  const { record, ask } = await openFleet(20);
  expect(new Set(await ask('hot'))).toEqual(new Set([null]));
  expect(record.calls).toHaveLength(1);
});

test('while the load of whoever has the lease hangs, each process loads once at most', async () => {
  const { record, fleet, ask } = await openFleet(5, 30);
  record.store('hot', 1, 'one');
  const release = record.hold();
  const answers = ask('hot');
  await until(() => record.calls.length === 5);
  release();
  expect(new Set(await answers)).toEqual(new Set(['one']));
  expect(record.calls).toHaveLength(5);
  expect(fleet.filter((cache) => cache.stats().leaseTimeouts === 1)).toHaveLength(4);
});

test('a lease that led to nothing goes to the next process at once', async () => {
  const { record, fleet, stored } = await openFleet(2);
  record.store('hot', 1, 'one');
  record.failWith(new Error('down'));
  const release = record.hold();
  const first = fleet[0]?.get('hot');
  await until(() => record.calls.length === 1);
  const second = fleet[1]?.get('hot');
  await until(() => fleet[1]?.stats().leaseWaits === 1);
  record.failWith(undefined);
  release();
  await expect(first).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
  expect(await second).toBe('one');
  await until(async () => (await stored())?.endsWith('vone'));
});

test('a lease keeps the version and the lifetime of what it stands for, and has one of its own where there is nothing', async () => {
  const { record, fleet, keyOf, redis, stored } = await openFleet(1);
  const [cache] = fleet;
  const ttlMs = () => redis.run((client) => client.pttl(keyOf('hot')));
  const release = record.hold();
  const unknown = cache?.get('hot');
  await until(() => record.calls.length === 1);
  expect(await stored()).toMatch(/^1 0 0 l\d+$/);
  expect(await ttlMs()).toBeLessThanOrEqual(2_000);
  release();
  await unknown;

  record.store('hot', 7, 'seven');
  await cache?.invalidate('hot', 7);
  const releaseAgain = record.hold();
  const known = cache?.get('hot');
  await until(() => record.calls.length === 2);
  expect(await stored()).toMatch(/^1 7 0 l\d+$/);
  expect(await ttlMs()).toBeGreaterThan(50_000);
  record.failWith(new Error('down'));
  await cache?.invalidate('hot', 8);
  releaseAgain();
  await expect(known).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
  expect(await stored()).toMatch(/^1 8 \d+ f$/);
});

test('a lease given back leaves the version of what has changed', async () => {
  const { record, fleet, stored } = await openFleet(1);
  const [cache] = fleet;
  await cache?.invalidate('hot', 7);
  record.failWith(new Error('down'));
  await expect(cache?.get('hot')).rejects.toMatchObject({ code: 'CACHE_LOAD_FAILED' });
  await cache?.close();
  expect(await stored()).toBe('1 7 0 f');
});
