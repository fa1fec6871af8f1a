import {
  type FailedJobs,
  queueBoardPath,
  type SignedInUser,
  signedInUserCodec,
} from '@shortstack/contracts';
import {
  createServiceTokenGuard,
  createServiceTokenIssuer,
  createServiceTokenVerifier,
  generateServiceKey,
  registerInstance,
} from '@shortstack/discovery';
import { createProducer, createQueueWorker, defineJob, defineQueue } from '@shortstack/queue';
import { createQueueBoard } from '@shortstack/queue/board';
import { connectRedis } from '@shortstack/redis';
import { createServer } from '@shortstack/server';
import { createSessionStore, newSessionTag } from '@shortstack/session';
import { createLogger } from '@shortstack/telemetry';
import { startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { opsOrigin, startWorkerHttp } from './start-worker.ts';

const service = 'create';
const base = queueBoardPath(service);
const html = { accept: 'text/html' };
const queue = defineQueue({
  name: 'create-work',
  jobs: { task: defineJob({ validate: () => ({}), attempts: 1 }) },
});

/** worker, and a jobs process of "create" that it can find, whose one kind of job fails until told otherwise. */
async function openStack() {
  const [session, hub, jobs] = [
    await startTestRedis(),
    await startTestRedis(),
    await startTestRedis(),
  ];
  const privateJwk = await generateServiceKey();
  const worker = await startWorkerHttp({
    REDIS_SESSION_URL: session.url,
    REDIS_HUB_URL: hub.url,
    SERVICE_PRIVATE_KEY: JSON.stringify(privateJwk),
  });
  const tokens = createServiceTokenIssuer({ service: 'worker', privateJwk });

  const producer = createProducer({ url: jobs.url, service, queue });
  onTestFinished(() => producer.close());
  await producer.ready();
  const state = { broken: true, ran: [] as string[] };
  const queueWorker = createQueueWorker({
    url: jobs.url,
    service,
    queue,
    drainTimeoutMs: 500,
    handlers: {
      async task(_, { id }) {
        if (state.broken) throw new Error('broken\nwith 1 secret');
        state.ran.push(id);
      },
    },
  });
  onTestFinished(() => queueWorker.close());
  const board = createQueueBoard({
    url: jobs.url,
    service,
    queues: [producer],
    basePath: base,
    authorize: createServiceTokenGuard({
      verifier: createServiceTokenVerifier({ service, keysOf: async () => tokens.publicJwks() }),
      allow: ['worker'],
    }),
  });
  onTestFinished(() => board.close());
  const logger = createLogger({ service, instanceId: 'c1', level: 'fatal' });
  const internal = createServer({ logger, instanceId: 'c1' });
  internal.get('/readyz', () => ({}));
  await internal.register(board.plugin);
  const boardUrl = await internal.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => internal.close());

  const hubRedis = connectRedis({ name: 'hub', url: hub.url });
  const sessionRedis = connectRedis({ name: 'session', url: session.url });
  onTestFinished(async () => {
    await Promise.all([hubRedis.close(), sessionRedis.close()]);
  });
  await Promise.all([hubRedis.ready(), sessionRedis.ready()]);
  const registered = registerInstance({
    redis: hubRedis,
    instance: {
      ...{ id: 'c1', service, process: 'jobs', url: boardUrl, version: '1' },
      startedAt: new Date().toISOString(),
    },
    load: () => ({}),
  });
  onTestFinished(() => registered.close());
  const sessions = createSessionStore<SignedInUser>({
    ...{ redis: sessionRedis, codec: signedInUserCodec, idleTtlSeconds: 3_600 },
    ...{ absoluteTtlSeconds: 7_200, touchIntervalSeconds: 60, maxSessionsPerUser: 5 },
  });
  const signIn = async (role: 'user' | 'admin') => {
    const data = { email: 'a@b.test', name: 'Ann', role };
    const { token } = await sessions.create({ userId: 'u1', tag: newSessionTag(), data });
    return { cookie: `shortstack_session=${token}`, origin: opsOrigin };
  };
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${worker.url}${path}`, { method, headers, redirect: 'manual' });
  return { send, signIn, producer, state, boardUrl, jobs, internal };
}

async function failOne({ producer }: Awaited<ReturnType<typeof openStack>>, jobId: string) {
  await producer.add('task', {}, { jobId });
  await until(async () => (await producer.deadLetters()).some((letter) => letter.jobId === jobId));
  await until(async () => (await producer.stats()).failed > 0);
}

test('an admin sees the failed job of another service and retries it, and its dead letter goes', async () => {
  const stack = await openStack();
  const { send, signIn, state, producer } = stack;
  await failOne(stack, 'job-a');
  const admin = await signIn('admin');
  const list = await send('GET', `${base}/api/queues?activeQueue=create-work&status=failed`, admin);
  expect([list.status, await list.json()]).toEqual([
    200,
    {
      queues: [
        expect.objectContaining({
          name: 'create-work',
          jobs: [expect.objectContaining({ id: 'job-a', failedReason: 'broken\nwith 1 secret' })],
        }),
        expect.objectContaining({
          name: 'create-work-dead',
          counts: expect.objectContaining({ waiting: 1 }),
        }),
      ],
    },
  ]);
  state.broken = false;
  const retried = await send('PUT', `${base}/api/queues/create-work/job-a/retry`, admin);
  expect(retried.status).toBe(204);
  await until(() => state.ran.length === 1);
  await until(async () => (await producer.stats()).dead === 0);
});

test('failed jobs are listed newest first and by pages, with the first line of their error and without their data', async () => {
  const stack = await openStack();
  const { send, signIn, producer } = stack;
  for (let at = 0; at < 11; at += 1) await producer.add('task', {}, { jobId: `job-${at}` });
  await until(async () => (await producer.stats()).dead === 11);
  const path = `/ops/failed-jobs/${service}`;
  const admin = await signIn('admin');
  const read = async (query: string) =>
    ((await (await send('GET', `${path}${query}`, admin)).json()) as FailedJobs).queues;
  const [first] = await read('');
  expect(first).toMatchObject({ name: 'create-work', dead: 11, pages: 2 });
  expect(first?.counts.failed).toBe(11);
  const [second] = await read('?queue=create-work&page=2');
  const all = [...(first?.failed ?? []), ...(second?.failed ?? [])];
  expect(new Set(all.map(({ id }) => id)).size).toBe(11);
  const times = all.map(({ failedAt }) => failedAt ?? '');
  expect(times).toEqual(times.toSorted().toReversed());
  expect(all[0]).toEqual({
    id: expect.stringMatching(/^job-/),
    job: 'task',
    error: 'broken',
    attempts: 1,
    failedAt: expect.any(String),
  });

  expect((await send('GET', path)).status).toBe(401);
  expect((await send('GET', path, await signIn('user'))).status).toBe(403);
  expect((await send('GET', '/ops/failed-jobs/nobody', admin)).status).toBe(404);
});

test('an admin puts dead letters back', async () => {
  const stack = await openStack();
  await failOne(stack, 'job-a');
  stack.state.broken = false;
  const admin = await stack.signIn('admin');
  const answer = await stack.send('POST', `${base}/dead-letters/replay`, admin);
  expect([answer.status, await answer.json()]).toEqual([200, { replayed: 1 }]);
  await until(() => stack.state.ran.length === 1);
  const again = await stack.send('POST', `${base}/dead-letters/replay`, admin);
  expect(await again.json()).toEqual({ replayed: 0 });
});

test('the page of the board loads, and its scripts may run nowhere else', async () => {
  const { send, signIn } = await openStack();
  const admin = await signIn('admin');
  const page = await until(async () => {
    const answer = await send('GET', `${base}/`, { ...admin, ...html });
    return answer.status === 200 ? answer : undefined;
  });
  expect(page?.headers.get('content-security-policy')).toContain("script-src 'self'");
  const text = (await page?.text()) ?? '';
  expect(text).toContain(`<base href="${base}/"`);
  for (const file of text.match(/static\/[^"]+\.(js|css|png|svg)/g) ?? []) {
    const asset = await send('GET', `${base}/${file}`, admin);
    expect([file, asset.status, (await asset.arrayBuffer()).byteLength > 100]).toEqual([
      ...[file, 200, true],
    ]);
  }
});

test('the boards are for admins, their writes for our own pages, and the internal ones for worker', async () => {
  const { send, signIn, boardUrl } = await openStack();
  const [admin, user] = [await signIn('admin'), await signIn('user')];
  const retry = `${base}/api/queues/create-work/job-a/retry`;
  const statuses = async (...answers: Promise<Response>[]) =>
    (await Promise.all(answers)).map(({ status }) => status);
  expect(
    await statuses(
      send('GET', `${base}/`),
      send('GET', `${base}/`, html),
      send('GET', `${base}/`, user),
      send('PUT', retry, user),
      send('PUT', retry, { ...admin, origin: 'https://evil.test' }),
      send('POST', `${base}/dead-letters/replay`, { cookie: admin.cookie }),
      send('GET', '/ops/queues/nobody', admin),
      send('DELETE', retry, admin),
    ),
  ).toEqual([401, 302, 403, 403, 403, 403, 404, 404]);
  expect(
    await statuses(fetch(`${boardUrl}${base}/`), fetch(`${boardUrl}${retry}`, { method: 'PUT' })),
  ).not.toContain(200);
});

test('while the jobs process or its Redis is away the page says so and what to do', async () => {
  const { send, signIn, jobs, internal } = await openStack();
  const admin = { ...(await signIn('admin')), ...html };
  await until(async () => (await send('GET', `${base}/`, admin)).status === 200);
  await jobs.stop();
  await until(async () => (await send('GET', `${base}/api/queues`, admin)).status === 503);
  await internal.close();
  const away = await send('GET', `${base}/`, admin);
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await away.text()).toContain('start what is away');
});
