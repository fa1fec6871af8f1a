import { startTestRedis } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { createRecord, openCache, openRedis, ownKeys } from './fixture.ts';

/** What Redis was asked, by its own count. Each test has a server of its own. */
async function setUp() {
  const server = await startTestRedis();
  const redis = await openRedis({ url: server.url });
  const record = createRecord();
  record.store('hot', 1, 'one');
  const keyOf = ownKeys();
  const open = () => openCache({ record, redis, keyOf });
  const warm = open();
  await Promise.all([warm.get('hot'), warm.get('none')]);
  await warm.close();
  await redis.run((client) => client.config('RESETSTAT'));
  const calls = async (...names: string[]) => {
    const stats = await redis.run((client) => client.info('commandstats'));
    return names.map((name) =>
      Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0),
    );
  };
  return { record, open, calls };
}

test('a hit in Redis costs one MGET and nothing more', async () => {
  const { record, open, calls } = await setUp();
  expect(await open().get('hot')).toBe('one');
  expect(await calls('mget', 'evalsha', 'eval')).toEqual([1, 0, 0]);
  expect(record.calls).toHaveLength(1);
});

test('keys missed in one turn cost one MGET, and a lease and a fill each', async () => {
  const { open, calls } = await setUp();
  const cache = open();
  await Promise.all(Array.from({ length: 300 }, (_, i) => cache.get(`k${i}`)));
  await cache.close();
  expect(await calls('mget', 'evalsha')).toEqual([1, 600]);
});
