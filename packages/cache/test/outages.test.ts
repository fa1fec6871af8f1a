import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { describe, expect, test } from 'vitest';
import { createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

async function setUp() {
  const server = await startTestRedis();
  const proxy = await createFaultProxy({ targetPort: server.port });
  const redis = await openRedis({ url: `redis://127.0.0.1:${proxy.port}` });
  const record = createRecord();
  const keyOf = ownKeys();
  const cache = openCache({ record, redis, keyOf });
  /** A process that has a connection of its own, past the proxy, and an empty memory. */
  const openAnother = async () =>
    openCache({ record, redis: await openRedis({ url: server.url }), keyOf });
  const isBack = () => until(() => redis.breaker.state === 'closed', { deadlineMs: 4_000 });
  return { server, proxy, redis, record, keyOf, cache, openAnother, isBack };
}

async function elapsedMs(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}

describe('while Redis is away', () => {
  test('a killed Redis costs no request anything but the load', async () => {
    const { proxy, redis, record, cache } = await setUp();
    record.store('a', 1, 'one');
    await proxy.cut();
    await until(() => redis.breaker.state !== 'closed', { deadlineMs: 1_000 });
    expect(await elapsedMs(cache.get('a'))).toBeLessThan(100);
    expect(cache.peek('a')).toBe('one');
    expect(await cache.put('b', { version: 1, value: 'x' })).toBe(false);
  });

  test('a Redis that hangs costs a request at most 250 ms, and none once the breaker is open', async () => {
    const { server, redis, record, cache } = await setUp();
    for (let i = 0; i < 50; i += 1) record.store(`k${i}`, 1, 'value');
    await server.suspend();
    const start = performance.now();
    for (let i = 0; redis.breaker.state === 'closed'; i += 1) {
      expect(await elapsedMs(cache.get(`k${i}`))).toBeLessThan(250);
    }
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(await elapsedMs(cache.get('k49'))).toBeLessThan(100);
    await server.resume();
  });
});

describe('while a miss waits for another process', () => {
  test.for(['cut', 'stall'] as const)(
    'a Redis that goes away (%s) prolongs that by nothing',
    async (fault) => {
      const { proxy, record, cache, openAnother } = await setUp();
      record.store('a', 1, 'one');
      const release = record.hold();
      const first = (await openAnother()).get('a');
      await until(() => record.calls.length === 1);
      const waiting = cache.get('a');
      await until(() => cache.stats().leaseWaits === 1);
      const start = performance.now();
      await proxy[fault]();
      await until(() => record.calls.length === 2);
      expect(performance.now() - start).toBeLessThan(250);
      release();
      expect(await Promise.all([first, waiting])).toEqual(['one', 'one']);
    },
  );
});

describe('a Redis that takes no writes', () => {
  test.for([
    ['full', ['maxmemory', '1']],
    ['read-only', ['min-replicas-to-write', '1']],
  ] as const)('(%s) is read, and what it lacks is loaded', async ([, setting]) => {
    const { redis, record, cache, openAnother } = await setUp();
    for (const key of ['a', 'b']) record.store(key, 1, key);
    const filler = await openAnother();
    await filler.get('a');
    await filler.close();
    await redis.run((client) => client.config('SET', ...setting));
    expect(await cache.get('a')).toBe('a');
    expect(cache.stats().l2Hits).toBe(1);
    const start = performance.now();
    expect(await cache.get('b')).toBe('b');
    expect(performance.now() - start).toBeLessThan(250);
    expect(redis.breaker.state).toBe('closed');
  });
});

describe('after an outage of Redis', () => {
  test('a change that could not be written is not undone by what Redis still holds', async () => {
    const { proxy, record, cache, isBack } = await setUp();
    record.store('a', 1, 'old');
    await cache.put('a', { version: 1, value: 'old' });
    await proxy.cut();
    record.store('a', 2, 'new');
    await cache.invalidate('a', 2);
    await proxy.heal();
    await isBack();
    expect(await cache.get('a')).toBe('new');
  });

  test('the change reaches Redis when that is back, for processes that start later', async () => {
    const { proxy, record, cache, openAnother, isBack } = await setUp();
    record.store('a', 1, 'old');
    await cache.put('a', { version: 1, value: 'old' });
    await proxy.cut();
    record.store('a', 2, 'new');
    await cache.invalidate('a', 2);
    await proxy.heal();
    await isBack();
    const another = async () => (await openAnother()).get('a');
    expect(await until(async () => (await another()) === 'new')).toBe(true);
  });

  test('nothing that Redis held before a failed write is believed, whichever key that was for', async () => {
    const { proxy, record, cache, openAnother, isBack } = await setUp();
    const other = await openAnother();
    record.store('b', 1, 'old');
    await other.put('b', { version: 1, value: 'old' });
    await proxy.cut();
    await cache.invalidate('a', 2);
    record.store('b', 2, 'new');
    await proxy.heal();
    await isBack();
    expect(await cache.get('b')).toBe('new');
  });

  test('a Redis that comes back with older data is not believed', async () => {
    const { server, redis, record, keyOf, cache, openAnother, isBack } = await setUp();
    await cache.get('warm');
    record.store('a', 1, 'old');
    const other = await openAnother();
    await other.put('a', { version: 1, value: 'old' });
    const snapshot = await redis.run((client) => client.get(keyOf('a')));
    record.store('a', 2, 'new');
    await other.invalidate('a', 2);
    await server.stop();

    const restarted = await startTestRedis({ port: server.port });
    const direct = await openRedis({ url: restarted.url });
    await direct.run((client) => client.set(keyOf('a'), snapshot ?? ''));
    await isBack();
    expect(await cache.get('a')).toBe('new');
  });

  test('a restarted Redis is told again of the changes it has lost', async () => {
    const { server, keyOf, cache, isBack } = await setUp();
    await cache.get('warm');
    await cache.invalidate('a', 7);
    await server.stop();
    const restarted = await startTestRedis({ port: server.port });
    await isBack();
    await cache.get('another');
    const direct = await openRedis({ url: restarted.url });
    const stored = await until(() => direct.run((client) => client.get(keyOf('a'))));
    expect(stored).toMatch(/^1 7 \d+ f$/);
  });
});
