import { connectRedis } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { createLeaderboard } from '../src/index.ts';

async function newHub() {
  const server = await startTestRedis();
  const redis = connectRedis({ url: server.url, name: 'hub', commandTimeoutMs: 2_000 });
  await redis.ready();
  return { server, redis, leaderboard: createLeaderboard({ redis, name: 'test' }) };
}

test('a new server needs a rebuild until it is marked, for every process', async () => {
  const { redis, leaderboard } = await newHub();
  expect(await leaderboard.needsRebuild()).toBe(true);
  expect(await leaderboard.needsRebuild()).toBe(true);
  await leaderboard.markRebuilt();
  expect(await leaderboard.needsRebuild()).toBe(false);
  expect(await createLeaderboard({ redis, name: 'test' }).needsRebuild()).toBe(false);
  await redis.close();
});

test('a server that was emptied needs a rebuild', async () => {
  const { redis, leaderboard } = await newHub();
  await leaderboard.needsRebuild();
  await leaderboard.markRebuilt();
  await redis.client.flushall();
  expect(await leaderboard.needsRebuild()).toBe(true);
  await redis.close();
});

test('a server that was restarted needs a rebuild, though it kept the mark', async () => {
  const first = await newHub();
  await first.leaderboard.needsRebuild();
  await first.leaderboard.markRebuilt();
  const mark = await first.redis.client.get('test:leaderboard:rebuilt');
  await first.redis.close();

  const second = await newHub();
  await second.redis.client.set('test:leaderboard:rebuilt', mark ?? '');
  expect(await second.leaderboard.needsRebuild()).toBe(true);
  await second.redis.close();
});

test('a rebuild of a server that was replaced meanwhile does not count', async () => {
  const { redis, server, leaderboard } = await newHub();
  expect(await leaderboard.needsRebuild()).toBe(true);
  await server.stop();
  await startTestRedis({ port: server.port });
  await until(() => redis.probe().then(() => true));
  await leaderboard.markRebuilt();
  expect(await leaderboard.needsRebuild()).toBe(true);
  await redis.close();
});

test('without Redis every call says so', async () => {
  const { redis, server, leaderboard } = await newHub();
  await server.stop();
  const away = { kind: 'unavailable', code: 'REDIS_UNAVAILABLE' };
  await expect(leaderboard.needsRebuild()).rejects.toMatchObject(away);
  await expect(leaderboard.top({ board: 'a', window: 'hour', limit: 1 })).rejects.toMatchObject(
    away,
  );
  const time = new Date();
  await expect(
    leaderboard.record([{ board: 'a', member: 'm', unit: 'day', time, score: 1 }]),
  ).rejects.toMatchObject(away);
  await redis.close();
});
