import { redisKeys } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { createStreamSource } from '../src/ingestion/stream-source.ts';

const server = await startTestRedis();
const writer = connectRedis({ name: 'jobs', url: server.url });
const redis = connectRedis({ name: 'clicks', url: server.url, commandTimeoutMs: 1_000 });
await Promise.all([writer.ready(), redis.ready()]);
afterAll(() => Promise.all([writer.close(), redis.close()]));

const append = (sequence: number, payload: string) =>
  writer.client.xadd(redisKeys.clicks, '*', 'b', 'boot', 's', sequence, 'p', payload);

test('what is in the stream is read from its head until it is forgotten', async () => {
  const source = createStreamSource({ redis, blockMs: 10 });
  expect(await source.read()).toBeNull();
  for (const sequence of [1, 2, 3]) await append(sequence, 'ü\n');
  const reading = await source.read();
  expect(reading?.batches).toEqual(
    [1, 2, 3].map((sequence) => ({ bootId: 'boot', sequence, payload: 'ü\n' })),
  );
  expect((await source.read())?.batches).toHaveLength(3);
  await append(4, '');
  await reading?.forget();
  expect((await source.read())?.batches).toMatchObject([{ sequence: 4 }]);
  await writer.client.del(redisKeys.clicks);
});

test('one reading takes some megabytes at most, however large the batches are', async () => {
  const source = createStreamSource({ redis, blockMs: 10 });
  for (let sequence = 1; sequence <= 100; sequence += 1)
    await append(sequence, 'x'.repeat(200_000));
  await source.read();
  const reading = await source.read();
  const characters = reading?.batches.reduce((sum, { payload }) => sum + payload.length, 0) ?? 0;
  expect(characters).toBeGreaterThan(4_000_000);
  expect(characters).toBeLessThan(10_000_000);
  await reading?.forget();
  expect(await writer.client.xlen(redisKeys.clicks)).toBe(100 - (reading?.batches.length ?? 0));
  await writer.client.del(redisKeys.clicks);
});

test('a reading of a server that hangs is given up, and goes on when the server does', async () => {
  const source = createStreamSource({ redis, blockMs: 10 });
  await server.suspend();
  await expect(source.read()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  await server.resume();
  await until(async () => (await source.read()) === null);
});
