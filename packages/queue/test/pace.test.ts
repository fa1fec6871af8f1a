import { startTestRedis, until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { openProducer, openWorker } from './open.ts';

test('two workers of a rate-limited queue together begin no more jobs than the limit allows', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const begun: number[] = [];
  const limit = { max: 4, perMs: 400 };
  for (let worker = 0; worker < 2; worker += 1) {
    openWorker(redis.url, {
      rateLimit: limit,
      handlers: { greet: async () => void begun.push(performance.now()), wave: async () => {} },
    });
  }
  await producer.addBulk(Array.from({ length: 16 }, () => ({ job: 'greet', data: { name: 'x' } })));
  await until(() => begun.length === 16);
  // Four windows: the last begins at least three windows after the first job.
  expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(3 * limit.perMs - 100);
});

test('a delayed job runs after its delay, and not before', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  let ranAt = 0;
  openWorker(redis.url, {
    handlers: {
      greet: async () => {
        ranAt = Date.now();
      },
      wave: async () => {},
    },
  });
  const addedAt = Date.now();
  await producer.add('greet', { name: 'x' }, { delayMs: 300 });
  expect((await producer.stats()).delayed).toBe(1);
  await until(() => ranAt > 0);
  expect(ranAt - addedAt).toBeGreaterThanOrEqual(300);
});
