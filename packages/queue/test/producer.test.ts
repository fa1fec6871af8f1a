import { createProducer } from '@shortstack/queue';
import { startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { greetings, service } from './greetings.ts';
import { openProducer, openWorker } from './open.ts';

const unavailable = { kind: 'unavailable', code: 'QUEUE_UNAVAILABLE' };

test('a job that was added runs with its data', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const greeted: string[] = [];
  openWorker(redis.url, {
    handlers: {
      greet: async ({ name }, { id, attempt }) => {
        greeted.push(`${name} ${id} ${attempt}`);
      },
      wave: async () => {},
    },
  });
  const id = await producer.add('greet', { name: 'Ada' });
  await until(() => greeted.length === 1);
  expect(greeted).toEqual([`Ada ${id} 1`]);
});

test('two jobs with the same id run once, also when the first one is done', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const greeted: string[] = [];
  openWorker(redis.url, {
    handlers: {
      greet: async ({ name }) => void greeted.push(name),
      wave: async () => {},
    },
  });
  await producer.add('greet', { name: 'first' }, { jobId: 'one' });
  await until(async () => (await producer.stats()).completed === 1);
  await producer.add('greet', { name: 'second' }, { jobId: 'one' });
  await producer.add('greet', { name: 'third' });
  await until(async () => (await producer.stats()).completed === 2);
  expect(greeted).toEqual(['first', 'third']);
});

test('thousands of jobs are added in bulk and each runs once', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url, { timeoutMs: 5_000 });
  const greeted = new Set<string>();
  let runs = 0;
  const names = Array.from({ length: 2_100 }, (_, index) => `n${index}`);
  const ids = await producer.addBulk(
    names.map((name) => ({ job: 'greet', data: { name }, jobId: `job-${name}` })),
  );
  expect(ids).toHaveLength(2_100);
  openWorker(redis.url, {
    concurrency: 50,
    handlers: {
      greet: async ({ name }) => {
        greeted.add(name);
        runs += 1;
      },
      wave: async () => {},
    },
  });
  await until(async () => (await producer.stats()).completed === 2_100, { deadlineMs: 15_000 });
  expect([greeted.size, runs]).toEqual([2_100, 2_100]);
});

test('an id that BullMQ would refuse is refused with a code', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  for (const jobId of ['12', 'a:b', '']) {
    await expect(producer.add('greet', { name: 'x' }, { jobId })).rejects.toMatchObject({
      code: 'JOB_ID_INVALID',
    });
  }
});

test('adding to a hung Redis fails within 250 ms, and at once when the breaker is open', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  await producer.add('greet', { name: 'connects' });
  await redis.suspend();
  onTestFinished(() => redis.resume());
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    const begun = performance.now();
    await expect(producer.add('greet', { name: 'x' })).rejects.toMatchObject(unavailable);
    expect(performance.now() - begun).toBeLessThan(250);
  }
  expect(producer.breaker.state).not.toBe('closed');
});

test('adding fails at once without Redis, and works again by itself when it is there', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const { port } = redis;
  await redis.stop();
  await until(() => producer.breaker.state !== 'closed');
  await expect(producer.add('greet', { name: 'x' })).rejects.toMatchObject(unavailable);
  await expect(producer.addBulk([{ job: 'wave', data: { name: 'x' } }])).rejects.toMatchObject(
    unavailable,
  );
  await startTestRedis({ port });
  await until(() => producer.add('greet', { name: 'x' }));
});

test('a producer that started before its Redis works when Redis comes', async () => {
  const first = await startTestRedis();
  const { url, port } = first;
  await first.stop();
  const producer = createProducer({ url, service, queue: greetings });
  onTestFinished(() => producer.close());
  await expect(producer.add('greet', { name: 'x' })).rejects.toMatchObject(unavailable);
  await startTestRedis({ port });
  await until(() => producer.add('greet', { name: 'x' }));
  expect((await producer.stats()).waiting).toBe(1);
});

test('neither a producer nor a worker accepts a server that evicts keys', async () => {
  const redis = await startTestRedis({
    maxmemory: '32mb',
    settings: { 'maxmemory-policy': 'allkeys-lru' },
  });
  const refused = { kind: 'internal', code: 'REDIS_POLICY_REFUSED' };
  const producer = createProducer({ url: redis.url, service, queue: greetings });
  onTestFinished(() => producer.close());
  await expect(producer.ready()).rejects.toMatchObject(refused);
  await expect(openWorker(redis.url).ready()).rejects.toMatchObject(refused);
});

test('all keys of a queue share the slot of its service', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  await producer.add('greet', { name: 'x' });
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  const keys = await client.keys('*');
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => !key.startsWith('{greeter}:'))).toEqual([]);
});
