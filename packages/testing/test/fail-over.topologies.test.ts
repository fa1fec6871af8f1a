import { createCache } from '@shortstack/cache';
import { createConsumer, createPublisher } from '@shortstack/events';
import { createProducer, createQueueWorker, defineJob, defineQueue } from '@shortstack/queue';
import { createRateLimiter } from '@shortstack/rate-limit';
import { connectRedis } from '@shortstack/redis';
import { createSessionStore, newSessionTag } from '@shortstack/session';
import { startTestSentinelSet, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { steadyCalls } from './steady-calls.ts';

const stream = 'test:events';

test('all patterns outlive a fail-over: nobody waits, nothing that was replicated is lost, and each works again by itself', async () => {
  const sentinels = await startTestSentinelSet();
  const { connection } = sentinels;
  const redis = connectRedis({ ...connection, name: 'session' });
  onTestFinished(() => redis.close());
  await redis.ready();

  const sessions = createSessionStore<{ visits: string }>({
    redis,
    codec: {
      encode: (fields) => ({ ...fields }),
      decode: ({ visits }) => (visits === undefined ? null : { visits }),
    },
    idleTtlSeconds: 3_600,
    absoluteTtlSeconds: 3_600,
    touchIntervalSeconds: 60,
    maxSessionsPerUser: 5,
  });
  const signedIn = { userId: 'u1', tag: newSessionTag(), data: { visits: '0' } };
  const { token } = await sessions.create(signedIn);

  const limiter = createRateLimiter({
    redis,
    name: 'fail-over',
    policy: { algorithm: 'slidingWindowLog', limit: 5, windowSeconds: 3_600 },
  });
  for (let i = 0; i < 5; i += 1) await limiter.consume('spent');

  const cache = createCache<string>({
    redis,
    name: 'links',
    keyOf: (key) => key,
    load: async (keys) => new Map(keys.map((key) => [key, { version: 1, value: `of ${key}` }])),
    codec: { encode: (value) => value, decode: (text) => text },
    ttlSeconds: 60,
    negativeTtlSeconds: 5,
    staleIfErrorSeconds: 30,
    jitter: 0,
    l1: { maxEntries: 10, maxBytes: 10_000, ttlSeconds: 1 },
    negative: { maxEntries: 10 },
    loadTimeoutMs: 2_000,
  });
  onTestFinished(() => cache.close());

  const done = new Set<number>();
  const queue = defineQueue({
    name: 'numbers',
    jobs: { count: defineJob({ validate: (data) => data as { number: number }, attempts: 3 }) },
  });
  const producer = createProducer({ ...connection, service: 'test', queue });
  onTestFinished(() => producer.close());
  await producer.ready();
  const worker = createQueueWorker({
    ...connection,
    service: 'test',
    queue,
    lockMs: 2_000,
    handlers: { count: async ({ number }) => void done.add(number) },
  });
  onTestFinished(() => worker.close());

  const publisher = createPublisher({ redis, stream });
  const seen = new Set<number>();
  const consumer = createConsumer({
    ...connection,
    stream,
    group: 'group',
    consumer: 'one',
    blockMs: 200,
    handlers: { counted: async ({ id }) => void seen.add(Number(id)) },
  });
  onTestFinished(() => consumer.close());

  const calls = {
    connection: steadyCalls((n) => redis.run((client) => client.set('plain', n, 'EX', 60))),
    sessions: steadyCalls((n) => sessions.update(token, { visits: String(n) })),
    limiter: steadyCalls((n) => limiter.consume(`key:${n}`)),
    cache: steadyCalls((n) => cache.get(`key:${n}`)),
    queue: steadyCalls((number) => producer.add('count', { number }, { jobId: `n${number}` })),
    events: steadyCalls((n) =>
      publisher.publish([
        { id: String(n), type: 'counted', data: {}, occurredAt: new Date().toISOString() },
      ]),
    ),
  };
  const all = Object.entries(calls);
  onTestFinished(async () => {
    for (const [, each] of all) await each.stop();
  });
  await until(() => all.every(([, { acknowledged }]) => acknowledged.length > 20));

  // Replicas take writes in order: when they have the marker, they have what was acknowledged before it.
  const replicated = {
    jobs: [...calls.queue.acknowledged],
    events: [...calls.events.acknowledged],
  };
  await redis.run((client) => client.set('marker', '1', 'EX', 60));
  await until(async () => (await redis.run((client) => client.wait(2, 100))) === 2);
  await sentinels.failOver();

  const before = new Map(all.map(([name, { acknowledged }]) => [name, acknowledged.length]));
  await until(
    () =>
      all.every(([name, { acknowledged }]) => acknowledged.length > (before.get(name) ?? 0) + 10),
    { deadlineMs: 15_000, message: 'Not all patterns work again' },
  );
  await Promise.all(all.map(([, each]) => each.stop()));
  for (const [name, { longestMs }] of all) expect(longestMs, name).toBeLessThan(250);
  // These need Redis; the limiter counts alone meanwhile, and the cache asks its source.
  expect(calls.sessions.rejected).toBeGreaterThan(0);
  expect([calls.limiter.rejected, calls.cache.rejected]).toEqual([0, 0]);

  expect((await sessions.read(token))?.userId).toBe('u1');
  expect((await limiter.consume('spent')).allowed).toBe(false);
  await until(() => replicated.jobs.every((number) => done.has(number)), {
    deadlineMs: 15_000,
    message: 'Jobs were lost',
  });
  await until(() => replicated.events.every((number) => seen.has(number)), {
    deadlineMs: 15_000,
    message: 'Events were lost',
  });
});
