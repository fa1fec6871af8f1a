import { connectRedis, isReadOnlyError } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { afterEach, expect, test } from 'vitest';
import { createLeaderboard, createUniqueVisitors } from '../src/index.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const time = new Date();
const visits = ['ann', 'bob'].map((visitor) => ({ subject: 'link', visitor, time }));
const scores = [{ board: 'account', member: 'link', unit: 'quarter' as const, time, score: 2 }];

async function setUp() {
  const server = await startTestRedis();
  const redis = connectRedis({ url: server.url, name: 'hub' });
  const admin = connectRedis({ url: server.url, name: 'admin', commandTimeoutMs: 10_000 });
  closers.push(
    () => server.stop(),
    () => redis.close(),
    () => admin.close(),
  );
  await Promise.all([redis.ready(), admin.ready()]);
  const leaderboard = createLeaderboard({ redis, name: 'test' });
  const visitors = createUniqueVisitors({ redis, name: 'test' });
  const record = () => Promise.all([visitors.record(visits), leaderboard.record(scores)]);
  const read = async () => [
    await visitors.count({ subject: 'link', window: 'hour' }),
    (await leaderboard.top({ board: 'account', window: 'hour', limit: 1 }))[0]?.score,
  ];
  return { server, redis, admin: admin.client, record, read };
}

test('while Redis hangs every call rejects within 250 ms, and afterwards all can be sent again', async () => {
  const { server, record, read } = await setUp();
  await record();
  await server.suspend();
  try {
    for (const call of [record, read, record, read]) {
      const begun = performance.now();
      await expect(call()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
      expect(performance.now() - begun).toBeLessThan(250);
    }
  } finally {
    await server.resume();
  }
  await until(() => record().then(Boolean, () => false));
  expect(await read()).toEqual([2, 2]);
});

test('while Redis is gone every call rejects', async () => {
  const { server, record, read } = await setUp();
  await server.kill();
  for (const call of [record, read]) {
    await expect(call()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  }
});

test('while Redis is full nothing can be recorded, and reads go on', async () => {
  const { admin, record, read } = await setUp();
  await record();
  await admin.config('SET', 'maxmemory', '1');
  await expect(record()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  expect(await read()).toEqual([2, 2]);
});

test('while Redis is read-only nothing can be recorded, and reads go on', async () => {
  const { admin, record, read } = await setUp();
  await record();
  await admin.call('REPLICAOF', '127.0.0.1', '1');
  expect(isReadOnlyError(await record().catch((error: unknown) => error))).toBe(true);
  expect(await read()).toEqual([2, 2]);
});

test('counting visitors needs an ACL user no right to write', async () => {
  const { server, admin, record } = await setUp();
  await record();
  await admin.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '%R~test:*', '+@all', '-@write');
  const url = Object.assign(new URL(server.url), { username: 'reader', password: 'secret' }).href;
  const redis = connectRedis({ url, name: 'hub' });
  closers.push(() => redis.close());
  await redis.ready();
  const reader = createUniqueVisitors({ redis, name: 'test' });
  expect(await reader.count({ subject: 'link', window: 'hour' })).toBe(2);
  await expect(reader.record(visits)).rejects.toThrow('NOPERM');
});
