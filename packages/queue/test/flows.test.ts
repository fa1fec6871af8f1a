import { spawn } from 'node:child_process';
import { createProducer, createQueueWorker, type JobHandlers } from '@shortstack/queue';
import { startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { sums } from './flow-jobs.ts';

const service = 'greeter';
const parent = { job: 'total', data: {}, jobId: 'total' } as const;
const parts = (count: number) =>
  Array.from({ length: count }, (_, part) => ({
    ...{ job: 'part', data: { part }, jobId: `part-${part}` },
  })) as { job: 'part'; data: { part: number }; jobId: string }[];

async function openFlow() {
  const redis = await startTestRedis();
  const producer = createProducer({ url: redis.url, service, queue: sums, timeoutMs: 5_000 });
  onTestFinished(() => producer.close());
  await producer.ready();
  const done: number[] = [];
  const totals: { completed: number; failed: number }[] = [];
  const work = (handlers: Partial<JobHandlers<(typeof sums)['jobs']>> = {}) => {
    const worker = createQueueWorker({
      ...{ url: redis.url, service, queue: sums, concurrency: 10, lockMs: 500 },
      handlers: {
        total: async (_, { children }) => void totals.push(await children()),
        part: async ({ part }) => void done.push(part),
        ...handlers,
      },
    });
    onTestFinished(() => worker.close());
  };
  return { redis, producer, done, totals, work };
}

test('a parent runs once, when all its children have ended', async () => {
  const { producer, done, totals, work } = await openFlow();
  expect(await producer.addFlow(parent, parts(1_000))).toBe('total');
  work();
  await until(() => totals.length > 0, { deadlineMs: 15_000 });
  expect([totals, done.length, new Set(done).size]).toEqual([
    ...[[{ completed: 1_000, failed: 0 }], 1_000, 1_000],
  ]);
});

test('a child that fails for good becomes a dead letter and does not hold up the parent', async () => {
  const { producer, totals, work } = await openFlow();
  work({
    async part({ part }) {
      if (part === 3) throw new Error('three');
    },
  });
  await producer.addFlow(parent, parts(5));
  await until(() => totals.length === 1);
  expect(totals).toEqual([{ completed: 4, failed: 1 }]);
  expect(await producer.deadLetters()).toMatchObject([{ jobId: 'part-3', reason: 'three' }]);
});

test('a flow that is added twice runs once, and one whose Redis was emptied is whole again', async () => {
  const { redis, producer, done, totals, work } = await openFlow();
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  await producer.addFlow(parent, parts(5));
  await client.flushall();
  await producer.addFlow(parent, parts(5));
  await producer.addFlow(parent, parts(5));
  work();
  await until(() => totals.length > 0);
  await producer.addFlow(parent, parts(5));
  await producer.add('part', { part: 99 });
  await until(() => done.includes(99));
  expect([totals.length, done.toSorted((a, b) => a - b)]).toEqual([1, [0, 1, 2, 3, 4, 99]]);
});

test('a flow whose child was lost gets it back when it is added again', async () => {
  const { redis, producer, done, totals, work } = await openFlow();
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  await producer.addFlow(parent, parts(3));
  await client.del('{greeter}:sums:part-1');
  await client.lrem('{greeter}:sums:wait', 0, 'part-1');
  await producer.addFlow(parent, parts(3));
  work();
  await until(() => totals.length === 1);
  expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
});

test('a flow whose process is killed in the middle is finished by the next, and its parent runs once', async () => {
  const { redis, producer, done, totals, work } = await openFlow();
  const file = new URL('./fixtures/part-worker.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--conditions=source', file, redis.url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await producer.addFlow(parent, parts(20));
  await until(() => output.includes('part 9'));
  child.kill('SIGKILL');
  work();
  await until(() => totals.length === 1, { deadlineMs: 10_000 });
  const first = [...output.matchAll(/part (\d+)/g)].map(([, part]) => Number(part));
  expect(new Set([...first, ...done]).size).toBe(20);
  expect([totals, output.includes('total')]).toEqual([[{ completed: 20, failed: 0 }], false]);
});

test('a flow with more than 1,500 children is refused', async () => {
  const { producer } = await openFlow();
  await expect(producer.addFlow(parent, parts(1_501))).rejects.toMatchObject({
    code: 'FLOW_TOO_LARGE',
  });
  expect((await producer.stats()).waiting).toBe(0);
});
