import { startTestRedis, until } from '@shortstack/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { reconcileSchedules } from '../src/reconcile-schedules.ts';
import { greetings } from './greetings.ts';
import { openWorker } from './open.ts';

let url: string;
let queue: Queue;
let client: Redis;
const { jobs } = greetings;
const hourly = { id: 'hourly', job: 'greet', data: { name: 'x' }, everyMs: 3_600_000 } as const;

beforeAll(async () => {
  ({ url } = await startTestRedis());
});

beforeEach(async () => {
  client = new Redis(url, { maxRetriesPerRequest: null });
  onTestFinished(() => client.disconnect());
  queue = new Queue('greetings', { connection: client, prefix: '{greeter}' });
  await client.flushall();
});

test('a schedule runs its job again and again', async () => {
  const greeted: string[] = [];
  openWorker(url, {
    schedules: [{ ...hourly, everyMs: 50 }],
    handlers: { greet: async ({ name }) => void greeted.push(name), wave: async () => {} },
  });
  await until(() => greeted.length >= 3);
  expect(greeted.slice(0, 3)).toEqual(['x', 'x', 'x']);
});

test('reconciling what fits touches nothing', async () => {
  await reconcileSchedules(queue, jobs, [hourly]);
  const before = await queue.getJobSchedulers();
  const jobBefore = await queue.getWaiting();
  await Promise.all([1, 2, 3].map(() => reconcileSchedules(queue, jobs, [hourly])));
  expect(await queue.getJobSchedulers()).toEqual(before);
  expect((await queue.getWaiting()).map(({ id }) => id)).toEqual(jobBefore.map(({ id }) => id));
});

test('a changed schedule replaces the old one and a forgotten one disappears', async () => {
  const cron = {
    id: 'nightly',
    job: 'wave',
    data: { name: 'y' },
    cron: '0 3 * * *',
    timeZone: 'UTC',
  } as const;
  await reconcileSchedules(queue, jobs, [hourly, cron]);
  expect(await queue.getJobSchedulersCount()).toBe(2);
  await reconcileSchedules(queue, jobs, [{ ...cron, cron: '0 4 * * *' }]);
  const [only, ...others] = await queue.getJobSchedulers();
  expect(only).toMatchObject({ key: 'nightly', pattern: '0 4 * * *', tz: 'UTC' });
  expect(others).toEqual([]);
  expect(await queue.getDelayedCount()).toBe(1);
});

test('an emptied Redis gets its schedules back', async () => {
  await reconcileSchedules(queue, jobs, [hourly]);
  await client.flushall();
  await reconcileSchedules(queue, jobs, [hourly]);
  expect(await queue.getJobSchedulersCount()).toBe(1);
});
