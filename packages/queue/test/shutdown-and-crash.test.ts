import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { openProducer, openWorker } from './open.ts';

test('a job whose process was killed is taken by another one', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const file = new URL('./fixtures/stuck-worker.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=source', file, redis.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await producer.add('greet', { name: 'Ada' });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  const greeted: string[] = [];
  openWorker(redis.url, {
    lockMs: 500,
    handlers: {
      greet: async ({ name }, { attempt }) => void greeted.push(`${name} ${attempt}`),
      wave: async () => {},
    },
  });
  await until(() => greeted.length === 1);
  expect(greeted).toEqual(['Ada 1']);
});

test('closing waits for the job in hand and takes no other', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const finish = Promise.withResolvers<void>();
  const begun: string[] = [];
  const worker = openWorker(redis.url, {
    concurrency: 1,
    handlers: {
      greet: async ({ name }) => {
        begun.push(name);
        await finish.promise;
      },
      wave: async () => {},
    },
  });
  await producer.add('greet', { name: 'in hand' });
  await producer.add('greet', { name: 'waiting' });
  await until(() => begun.length === 1);
  const closed = worker.close();
  finish.resolve();
  await closed;
  expect(begun).toEqual(['in hand']);
  expect(await producer.stats()).toMatchObject({ completed: 1, waiting: 1, active: 0 });
});

test('a job that does not finish while closing goes back to the queue and keeps its attempts', async () => {
  const redis = await startTestRedis();
  const producer = await openProducer(redis.url);
  const aborted: string[] = [];
  const worker = openWorker(redis.url, {
    drainTimeoutMs: 100,
    handlers: {
      // One that listens to the signal, and one that doesn't.
      greet: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push('greet');
            reject(new Error('aborted'));
          });
        }),
      wave: () => new Promise(() => {}),
    },
  });
  await producer.add('greet', { name: 'x' }, { jobId: 'listens' });
  await producer.add('wave', { name: 'x' }, { jobId: 'deaf' });
  await until(async () => (await producer.stats()).active === 2);
  await worker.close();
  expect(aborted).toEqual(['greet']);
  expect(await producer.stats()).toMatchObject({ waiting: 2, active: 0, dead: 0 });
  const attempts: string[] = [];
  openWorker(redis.url, {
    handlers: {
      greet: async (_, { id, attempt }) => void attempts.push(`${id} ${attempt}`),
      wave: async (_, { id, attempt }) => void attempts.push(`${id} ${attempt}`),
    },
  });
  await until(() => attempts.length === 2);
  expect(attempts.toSorted()).toEqual(['deaf 1', 'listens 1']);
});

test('closing ends in time although Redis hangs', async () => {
  const redis = await startTestRedis();
  const worker = openWorker(redis.url, { drainTimeoutMs: 500 });
  await worker.ready();
  await redis.suspend();
  onTestFinished(() => redis.resume());
  const begun = performance.now();
  await worker.close();
  expect(performance.now() - begun).toBeLessThan(4_500);
});

test('a worker goes on when its Redis comes back', async () => {
  const redis = await startTestRedis();
  const { port, url } = redis;
  const greeted: string[] = [];
  const worker = openWorker(url, {
    handlers: { greet: async ({ name }) => void greeted.push(name), wave: async () => {} },
  });
  await worker.ready();
  const producer = await openProducer(url);
  await producer.add('greet', { name: 'before' });
  await until(() => greeted.length === 1);
  await redis.stop();
  await startTestRedis({ port });
  await until(() => producer.add('greet', { name: 'after' }));
  await until(() => greeted.length === 2, { deadlineMs: 15_000 });
  expect(greeted).toEqual(['before', 'after']);
});
