import {
  createProducer,
  createQueueWorker,
  defineJob,
  defineQueue,
  type JobHandlers,
  permanent,
  type QueueWorkerOptions,
} from '@shortstack/queue';
import { startTestTopology, until } from '@shortstack/testing';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

// Its only contact with a server is this connection: the same promises hold on one Redis, with TLS, on a Cluster.
const { connection } = await startTestTopology();

const tasks = defineQueue({
  name: 'tasks',
  jobs: {
    task: defineJob({ validate: nameOf, attempts: 3, backoffMs: 10 }),
    total: defineJob({ validate: () => ({}), attempts: 2, backoffMs: 10 }),
  },
});
type Jobs = (typeof tasks)['jobs'];

function nameOf(data: unknown): { name: string } {
  const name: unknown = typeof data === 'object' && data !== null && 'name' in data && data.name;
  if (typeof name === 'string') return { name };
  throw new Error('name must be a string');
}

/** A service of each test's own, so that no test sees another's jobs. */
let service: string;
let services = 0;
let ran: string[];
beforeEach(() => {
  services += 1;
  service = `contract-${process.pid}-${services}`;
  ran = [];
});

async function openProducer() {
  const producer = createProducer({ ...connection, service, queue: tasks, timeoutMs: 2_000 });
  onTestFinished(() => producer.close());
  await producer.ready();
  return producer;
}

function openWorker(
  handlers: Partial<JobHandlers<Jobs>> = {},
  options: Partial<QueueWorkerOptions<Jobs>> = {},
) {
  const worker = createQueueWorker({
    ...connection,
    ...{ service, queue: tasks, drainTimeoutMs: 1_000, lockMs: 1_000 },
    ...options,
    handlers: {
      task: async ({ name }) => void ran.push(name),
      total: async (_, { children }) => void ran.push(JSON.stringify(await children())),
      ...handlers,
    },
  });
  onTestFinished(() => worker.close());
  return worker;
}

test('a job runs with its data, and under its id once', async () => {
  const producer = await openProducer();
  openWorker();
  await producer.add('task', { name: 'a' }, { jobId: 'one' });
  await producer.add('task', { name: 'again' }, { jobId: 'one' });
  await until(() => ran.length === 1);
  await producer.add('task', { name: 'again' }, { jobId: 'one' });
  await producer.add('task', { name: 'b' });
  await until(() => ran.length === 2);
  expect(ran).toEqual(['a', 'b']);
});

test('jobs added in bulk run each once', async () => {
  const producer = await openProducer();
  openWorker({}, { concurrency: 50 });
  await producer.addBulk(
    Array.from({ length: 1_200 }, (_, n) => ({ job: 'task', data: { name: `${n}` } })),
  );
  await until(() => ran.length >= 1_200, { deadlineMs: 15_000 });
  expect(new Set(ran).size).toBe(1_200);
});

test('a job that fails is tried again until it succeeds', async () => {
  const producer = await openProducer();
  openWorker({
    async task(_, { attempt }) {
      ran.push(`try ${attempt}`);
      if (attempt < 3) throw new Error('not yet');
    },
  });
  await producer.add('task', { name: 'a' });
  await until(() => ran.length === 3);
  expect([ran, await producer.deadLetters()]).toEqual([['try 1', 'try 2', 'try 3'], []]);
});

test('what fails for good or is invalid becomes a dead letter, and runs again when it is replayed', async () => {
  const producer = await openProducer();
  let isBroken = true;
  openWorker({
    async task({ name }) {
      if (isBroken) throw permanent('broken');
      ran.push(name);
    },
  });
  await producer.add('task', { name: 'a' }, { jobId: 'letter' });
  await producer.add('task', JSON.parse('{"name":7}'));
  await until(async () => (await producer.stats()).failed === 2);
  const letters = await producer.deadLetters();
  expect(letters.map(({ reason, attempts }) => `${reason} ${attempts}`).toSorted()).toEqual([
    'Invalid data: name must be a string 1',
    'broken 1',
  ]);
  isBroken = false;
  expect(await producer.replayDeadLetters()).toBe(2);
  await until(() => ran.length === 1);
  await until(async () => (await producer.stats()).dead === 1);
});

test('a delayed job waits for its time', async () => {
  const producer = await openProducer();
  openWorker();
  const addedAt = Date.now();
  await producer.add('task', { name: 'late' }, { delayMs: 200 });
  expect((await producer.stats()).delayed).toBe(1);
  await until(() => ran.length === 1);
  expect(Date.now() - addedAt).toBeGreaterThanOrEqual(200);
});

test('the parent of a flow runs once, after all its children, and hears of those that failed', async () => {
  const producer = await openProducer();
  openWorker({
    async task({ name }) {
      if (name === 'bad') throw permanent('bad');
      ran.push(name);
    },
  });
  const children = ['a', 'b', 'bad'].map((name) => ({
    ...{ job: 'task' as const, data: { name }, jobId: `child-${name}` },
  }));
  await producer.addFlow({ job: 'total', data: {}, jobId: 'flow' }, children);
  await until(() => ran.length === 3);
  expect(ran.at(-1)).toBe('{"completed":2,"failed":1}');
  await producer.addFlow({ job: 'total', data: {}, jobId: 'flow' }, children);
  await producer.add('task', { name: 'after' });
  await until(() => ran.includes('after'));
  expect(ran).toHaveLength(4);
});

test('a schedule adds its job again and again, and goes when it is no longer wanted', async () => {
  const producer = await openProducer();
  const schedule = { id: 'often', job: 'task', data: { name: 'tick' }, everyMs: 50 } as const;
  const first = openWorker({}, { schedules: [schedule] });
  await until(() => ran.length >= 3);
  await first.close();
  const second = openWorker({}, { schedules: [] });
  await second.ready();
  expect(await until(async () => (await producer.stats()).delayed === 0)).toBe(true);
});

test('a job that does not finish while its worker closes goes to another one, with its attempts', async () => {
  const producer = await openProducer();
  let isTaken = false;
  const first = openWorker(
    {
      task() {
        isTaken = true;
        return new Promise(() => {});
      },
    },
    { drainTimeoutMs: 50 },
  );
  await producer.add('task', { name: 'a' });
  await until(() => isTaken);
  await first.close();
  openWorker({ task: async ({ name }, { attempt }) => void ran.push(`${name} ${attempt}`) });
  await until(() => ran.length === 1);
  expect(ran).toEqual(['a 1']);
});

test('a rate-limited queue begins no more jobs than its limit', async () => {
  const producer = await openProducer();
  const begun: number[] = [];
  openWorker(
    { task: async () => void begun.push(performance.now()) },
    { rateLimit: { max: 2, perMs: 200 } },
  );
  await producer.addBulk(Array.from({ length: 6 }, () => ({ job: 'task', data: { name: 'x' } })));
  await until(() => begun.length === 6);
  expect((begun[5] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(300);
});

test('it is known whether a job is there, and how many are in which state', async () => {
  const producer = await openProducer();
  await producer.add('task', { name: 'a' }, { jobId: 'there' });
  expect([await producer.knows('there'), await producer.knows('not-there')]).toEqual([true, false]);
  expect(await producer.stats()).toEqual({
    ...{ waiting: 1, active: 0, delayed: 0, completed: 0, failed: 0, dead: 0 },
    oldestWaitingSeconds: expect.any(Number),
  });
});

test('it is known for how long the next job has been due', async () => {
  const producer = await openProducer();
  const age = async () => (await producer.stats()).oldestWaitingSeconds;
  expect(await age()).toBe(0);
  await producer.add('task', { name: 'first' });
  expect(await until(async () => (await age()) > 0.3)).toBe(true);
  await producer.add('task', { name: 'second' });
  expect(await age()).toBeGreaterThan(0.3);
  expect(await age()).toBeLessThan(15);
});
