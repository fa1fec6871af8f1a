import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { permanent } from '@shortstack/queue';
import { startTestRedis, until } from '@shortstack/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { openProducer, openWorker } from './open.ts';

test('a job that fails is tried again until it succeeds', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const attempts: number[] = [];
  openWorker(redis.url, {
    handlers: {
      greet: async (_, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error('not yet');
      },
      wave: async () => {},
    },
  });
  await producer.add('greet', { name: 'Ada' });
  await until(async () => (await producer.stats()).completed === 1);
  expect(attempts).toEqual([1, 2, 3]);
  expect(await producer.deadLetters()).toEqual([]);
});

test('a job that fails each time ends among the dead letters, with its data and the last reason', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const seen: string[] = [];
  openWorker(redis.url, {
    handlers: {
      greet: async (_, { attempt }) => {
        throw new Error(`no ${attempt}`);
      },
      wave: async () => {},
    },
    onError: (error, job) => seen.push(`${job?.name} ${job?.attempt} ${error.message}`),
  });
  const jobId = await producer.add('greet', { name: 'Ada' });
  const letter = await until(async () => (await producer.deadLetters())[0]);
  expect(letter).toMatchObject({
    jobId,
    job: 'greet',
    data: { name: 'Ada' },
    reason: 'no 3',
    attempts: 3,
  });
  await until(() => seen.length === 3);
  expect(seen).toEqual(['greet 1 no 1', 'greet 2 no 2', 'greet 3 no 3']);
});

test('a permanent failure and invalid data are not tried again', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  let runs = 0;
  openWorker(redis.url, {
    handlers: {
      greet: async () => {
        runs += 1;
        throw permanent('no such person');
      },
      wave: async () => {},
    },
  });
  await producer.add('greet', { name: 'Ada' });
  await producer.add('greet', JSON.parse('{"name":7}'));
  await until(async () => (await producer.stats()).dead === 2);
  const letters = await producer.deadLetters();
  expect(letters.map(({ attempts, reason }) => `${attempts} ${reason}`).toSorted()).toEqual([
    '1 Invalid data: name must be a string',
    '1 no such person',
  ]);
  expect(runs).toBe(1);
});

test('replayed dead letters run again under their ids and leave no letter behind', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  let broken = true;
  const done: string[] = [];
  openWorker(redis.url, {
    handlers: {
      greet: async () => {},
      wave: async (_, { id, attempt }) => {
        if (broken) throw new Error('broken');
        done.push(`${id} ${attempt}`);
      },
    },
  });
  for (const jobId of ['a', 'b', 'c']) await producer.add('wave', { name: 'x' }, { jobId });
  await until(async () => (await producer.stats()).dead === 3);
  broken = false;
  expect(await producer.replayDeadLetters(2)).toBe(2);
  expect(await producer.replayDeadLetters()).toBe(1);
  await until(() => done.length === 3);
  expect(done.toSorted()).toEqual(['a 1', 'b 1', 'c 1']);
  expect((await producer.stats()).dead).toBe(0);
});

test('replayed jobs that fail again at once become dead letters again, and are replayed once a call', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  let runs = 0;
  openWorker(redis.url, {
    handlers: {
      greet: async () => {},
      wave: async () => {
        runs += 1;
        throw new Error('broken');
      },
    },
  });
  await producer.addBulk(
    Array.from({ length: 30 }, (_, n) => ({ job: 'wave', data: { name: 'x' }, jobId: `n${n}` })),
  );
  await until(async () => (await producer.stats()).failed === 30);
  expect(await producer.replayDeadLetters()).toBe(30);
  await until(async () => runs === 60 && (await producer.stats()).failed === 30);
  expect(await producer.stats()).toMatchObject({ dead: 30, waiting: 0, active: 0 });
});

test('a job that fails while the letter of its first life is still there gets a letter of its own', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  onTestFinished(() => client.disconnect());
  const queue = new Queue('greetings', { connection: client, prefix: '{greeter}' });
  openWorker(redis.url, {
    handlers: {
      greet: async () => {},
      wave: async ({ name }) => {
        throw new Error(name);
      },
    },
  });
  await producer.add('wave', { name: 'first life' }, { jobId: 'a' });
  await until(async () => (await producer.stats()).failed === 1);
  await (await queue.getJob('a'))?.remove();
  await producer.add('wave', { name: 'second life' }, { jobId: 'a' });
  await until(async () => (await producer.stats()).failed === 1);
  const letters = await producer.deadLetters();
  expect(letters.map(({ reason }) => reason)).toEqual(['first life', 'second life']);
});

test('only the newest dead letters are kept beyond the bound', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  openWorker(redis.url, {
    concurrency: 1,
    maxDeadLetters: 2,
    handlers: {
      greet: async () => {},
      wave: async () => {
        throw new Error('broken');
      },
    },
  });
  for (const jobId of ['a', 'b', 'c', 'd']) await producer.add('wave', { name: 'x' }, { jobId });
  await until(async () => (await producer.stats()).failed === 4);
  expect((await producer.deadLetters()).map(({ jobId }) => jobId)).toEqual(['c', 'd']);
});

test('a job that this version does not know is tried again, for another process to take it', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const errors: string[] = [];
  openWorker(redis.url, {
    onError: (error) => errors.push(error.message),
    queue: { name: 'greetings', jobs: {} as never },
  });
  await producer.add('greet', { name: 'x' });
  const letter = await until(async () => (await producer.deadLetters())[0]);
  expect(letter).toMatchObject({ attempts: 3, reason: 'Unknown job greet' });
  expect(errors).toContain('Unknown job greet');
});

test('a job that BullMQ fails because it stalled too often becomes a dead letter without being run', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  await producer.add('greet', { name: 'x' }, { jobId: 'killer' });
  await client.hset('{greeter}:greetings:killer', 'defa', 'job stalled more than allowable limit');
  openWorker(redis.url);
  const letter = await until(async () => (await producer.deadLetters())[0]);
  expect(letter).toMatchObject({ jobId: 'killer', data: { name: 'x' } });
  expect((await producer.stats()).completed).toBe(0);
});

test('the number of finished jobs that are kept is bounded', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url, { timeoutMs: 5_000 });
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  await producer.addBulk(
    Array.from({ length: 5_200 }, () => ({ job: 'greet' as const, data: { name: 'x' } })),
  );
  openWorker(redis.url, { concurrency: 100 });
  await until(
    async () => {
      const { waiting, active } = await producer.stats();
      return waiting + active === 0;
    },
    { deadlineMs: 15_000 },
  );
  expect((await producer.stats()).completed).toBe(5_000);
  expect(await client.xlen('{greeter}:greetings:events')).toBeLessThan(1_500);
});

test('what happens to jobs is told on a diagnostics channel', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const told = new Set<string>();
  const listener = (message: unknown) => told.add((message as { name: string }).name);
  subscribe('shortstack:queue', listener);
  onTestFinished(() => void unsubscribe('shortstack:queue', listener));
  openWorker(redis.url, {
    handlers: {
      greet: async (_, { progress }) => progress(50),
      wave: async () => {
        throw new Error('broken');
      },
    },
  });
  await producer.add('greet', { name: 'x' });
  await producer.add('wave', { name: 'x' });
  await until(() => told.size === 4);
  expect([...told].toSorted()).toEqual([
    'queue.jobs_added',
    'queue.jobs_completed',
    'queue.jobs_dead',
    'queue.jobs_failed',
  ]);
});

test('each try runs inside `around`, which knows the trace that the job was added with', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const tries: unknown[] = [];
  openWorker(redis.url, {
    concurrency: 1,
    handlers: {
      greet: async (_, { attempt }) => {
        if (attempt < 2) throw new Error('not yet');
      },
      wave: async () => {},
    },
    async around({ queue, name, attempt, traceparent: trace }, work) {
      tries.push([queue, name, attempt, trace]);
      await work();
    },
  });
  await producer.add('greet', { name: 'Ada' }, { traceparent });
  await until(async () => (await producer.stats()).completed === 1);
  await producer.addBulk([{ job: 'wave', data: { name: 'Ada' }, traceparent }]);
  await producer.add('wave', { name: 'Bob' });
  await until(async () => (await producer.stats()).completed === 3);
  expect(tries).toEqual([
    ['greetings', 'greet', 1, traceparent],
    ['greetings', 'greet', 2, traceparent],
    ['greetings', 'wave', 1, traceparent],
    ['greetings', 'wave', 1, undefined],
  ]);
});
