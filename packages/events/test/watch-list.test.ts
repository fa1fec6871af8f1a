import { createWatchList } from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startHub } from './hub.ts';

async function openWatchList(options: { ttlMs?: number; maxMembers?: number } = {}) {
  const hub = await startHub();
  const redis = connectRedis({ url: hub.url, name: 'hub' });
  onTestFinished(() => redis.close());
  await redis.ready();
  return { hub, list: createWatchList({ redis, key: 'test:watched', ...options }) };
}

test('members stay for as long as they are added again, and the list goes with the last', async () => {
  const { hub, list } = await openWatchList({ ttlMs: 300 });
  expect(await list.members()).toEqual([]);
  await list.add(['1', '2']);
  expect((await list.members()).sort()).toEqual(['1', '2']);
  await until(async () => {
    await list.add(['1']);
    return (await list.members()).join() === '1';
  });
  await until(async () => (await list.members()).length === 0);
  await until(async () => (await hub.client.exists('test:watched')) === 0);
});

test('the list is bounded, and who is on it may stay', async () => {
  const { list } = await openWatchList({ maxMembers: 2 });
  expect(await list.add(['1', '2', '3'])).toBe(false);
  expect(await list.add(['2', '1'])).toBe(true);
  expect((await list.members()).sort()).toEqual(['1', '2']);
});
