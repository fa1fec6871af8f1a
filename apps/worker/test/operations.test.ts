import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type OperationsOverview,
  type SignedInUser,
  signedInUserCodec,
} from '@shortstack/contracts';
import { createResolver, createStatusEndpoint, registerInstance } from '@shortstack/discovery';
import { connectRedis } from '@shortstack/redis';
import { createSessionStore, newSessionTag } from '@shortstack/session';
import { claimPorts, startTestRedis, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { appOrigin, startWorkerHttp } from './start-worker.ts';

async function startOperations(settings: Parameters<typeof startWorkerHttp>[0] = {}) {
  const [session, hub] = [await startTestRedis(), await startTestRedis()];
  // Its own instance is called, too, and others fetch its keys.
  const internalPort = (await claimPorts()).next();
  const worker = await startWorkerHttp({
    REDIS_SESSION_URL: session.url,
    REDIS_HUB_URL: hub.url,
    INTERNAL_PORT: internalPort,
    ADVERTISE_URL: `http://127.0.0.1:${internalPort}`,
    ...settings,
  });
  const redis = connectRedis({ name: 'session', url: session.url });
  onTestFinished(() => redis.close());
  await redis.ready();
  const sessions = createSessionStore<SignedInUser>({
    redis,
    codec: signedInUserCodec,
    idleTtlSeconds: 3_600,
    absoluteTtlSeconds: 7_200,
    touchIntervalSeconds: 60,
    maxSessionsPerUser: 5,
  });
  const signIn = async (role: 'user' | 'admin') => {
    const data = { email: 'a@b.test', name: 'Ann', role };
    const { token } = await sessions.create({ userId: 'u1', tag: newSessionTag(), data });
    return `shortstack_session=${token}`;
  };
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${worker.url}${path}`, { headers, redirect: 'manual' });
  return { ...worker, session, hub, signIn, get };
}

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

test('the overview is for admins who are signed in', async () => {
  const { signIn, get, session } = await startOperations();
  const [admin, user] = [await signIn('admin'), await signIn('user')];
  const codeOf = async (answer: Response) =>
    `${answer.status} ${((await answer.json()) as { code: string }).code}`;

  expect(await codeOf(await get('/ops'))).toBe('401 UNAUTHENTICATED');
  expect(await codeOf(await get('/ops', { cookie: 'shortstack_session=nonsense' }))).toBe(
    '401 UNAUTHENTICATED',
  );
  expect(await codeOf(await get('/ops', { cookie: user }))).toBe('403 ADMIN_REQUIRED');
  const redirected = await get('/ops', html);
  expect([redirected.status, redirected.headers.get('location')]).toEqual([
    302,
    expect.stringMatching(
      `${appOrigin}/sign-in\\?returnTo=${encodeURIComponent('http://ops.test/ops')}&challenge=`,
    ),
  ]);
  const refused = await get('/ops', { ...html, cookie: user });
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining('administrators only'),
  ]);
  expect((await get('/ops', { cookie: admin })).status).toBe(200);
  const page = await get('/ops', { ...html, cookie: admin });
  expect([page.status, await page.text()]).toEqual([200, '<title>Operations</title>']);
  expect(page.headers.get('content-security-policy')).toContain("connect-src 'self';");
  expect(await codeOf(await get('/ops/system?x=1', { cookie: admin }))).toBe(
    '400 VALIDATION_FAILED',
  );

  await session.stop();
  const away = await get('/ops', { cookie: admin });
  expect([away.headers.get('retry-after'), await codeOf(away)]).toEqual([
    '1',
    '503 REDIS_UNAVAILABLE',
  ]);
  expect((await get('/ops', { ...html, cookie: admin })).status).toBe(503);
  expect((await get('/ops', html)).status).toBe(302);
});

test('the overview shows every registered instance with what it says of itself', async () => {
  const { signIn, get, hub, config } = await startOperations();
  const redis = connectRedis({ name: 'hub', url: hub.url });
  onTestFinished(() => redis.close());
  await redis.ready();
  const registered = registerInstance({
    redis,
    instance: {
      id: 'r1',
      service: 'redirect',
      process: 'jobs',
      url: 'http://127.0.0.1:1',
      version: '<9.9>',
      startedAt: new Date(Date.now() - 3_700_000).toISOString(),
    },
    load: () => ({ clicks: 12 }),
    lastWork: () => 'counted <clicks>',
  });
  onTestFinished(() => registered.close());
  const cookie = await signIn('admin');
  const overview = await until(async () => {
    const found = (await (await get('/ops', { cookie })).json()) as {
      instances: { id: string; health: string }[];
    };
    return (
      found.instances.some(({ id, health }) => id === 'r1' && health === 'unreachable') && found
    );
  });

  expect(overview).toMatchObject({
    isRegistryAway: false,
    instances: [
      { id: 'r1', service: 'redirect', process: 'jobs', load: { clicks: 12 }, publicUrl: null },
      { id: config.INSTANCE_ID, service: 'worker', process: 'http', version: '1.2.3' },
    ],
  });
  // The registry is read for the metrics each 5 s.
  const instances = await until(
    async () => {
      const metrics = await (await fetch(`${config.ADVERTISE_URL}/metrics`)).text();
      const counts = metrics.matchAll(/registry_instances\{registered="([\w-]+)".*\} (\d)/g);
      const found = Object.fromEntries([...counts].map(([, name, count]) => [name, Number(count)]));
      return found['redirect-jobs'] === 1 && found;
    },
    { deadlineMs: 10_000 },
  );
  expect(instances).toMatchObject({ worker: 1, 'redirect-jobs': 1, create: 0, 'worker-jobs': 0 });
});

test('while the hub is away the overview shows what was known last, and says so', async () => {
  const { signIn, get, hub, config } = await startOperations();
  const cookie = await signIn('admin');
  await until(async () =>
    (await (await get('/ops', { cookie })).text()).includes(config.INSTANCE_ID),
  );
  await hub.stop();
  await until(async () =>
    (await (await get('/ops', { cookie })).text()).includes('"isRegistryAway":true'),
  );
  expect(await (await get('/ops/system', { cookie })).text()).toContain(config.INSTANCE_ID);
});

test('a process is shown with its dependencies, the calls to them, and its figures', async () => {
  const { signIn, get } = await startOperations();
  const cookie = await signIn('admin');
  const itself = await until(async () => {
    const answer = await get('/ops/system', { cookie });
    const { instances } = (await answer.json()) as OperationsOverview;
    const worker = instances.find(({ answered }) => answered);
    return worker?.dependencies.every(({ state }) => state === 'up') ? worker : undefined;
  });
  const session = itself?.dependencies.find(({ name }) => name === 'redis-session');
  expect(session).toMatchObject({ state: 'up', required: true, breaker: 'closed' });
  expect(session?.calls).toBeGreaterThan(0);
  expect(itself?.figures).toContainEqual({
    name: 'http_server_request_duration_seconds_count',
    value: expect.any(Number),
    labels: {},
  });
});

test('the switches of faults are told to admins, where there are any', async () => {
  const { signIn, get } = await startOperations();
  expect((await get('/ops/switches')).status).toBe(401);
  expect((await get('/ops/switches', { cookie: await signIn('user') })).status).toBe(403);
  const cookie = await signIn('admin');
  expect(await (await get('/ops/switches', { cookie })).json()).toEqual({ switches: null });
  const local = await startOperations({
    FAULT_SWITCHES_URL: 'http://127.0.0.1:9399',
    FAULT_SWITCHES_TOKEN: 'of-this-start-alone',
  });
  const headers = { cookie: await local.signIn('admin') };
  const page = await local.get('/ops', { ...html, ...headers });
  expect(page.headers.get('content-security-policy')).toContain(
    "connect-src 'self' http://127.0.0.1:9399;",
  );
  expect(await (await local.get('/ops/switches', headers)).json()).toEqual({
    switches: { url: 'http://127.0.0.1:9399', token: 'of-this-start-alone' },
  });
});

test('the root leads to the overview, and the key of the service is published on the internal listener alone', async () => {
  const { get, internalUrl } = await startOperations();
  const root = await get('/');
  expect([root.status, root.headers.get('location')]).toEqual([302, '/ops']);
  expect((await get('/.well-known/jwks.json')).status).toBe(404);
  expect((await get('/internal/code-pool/refill')).status).toBe(404);
  expect((await get('/nothing', html)).headers.get('content-type')).toMatch('text/html');
  const keys = await (await fetch(`${internalUrl}/.well-known/jwks.json`)).json();
  expect(keys).toEqual({ keys: [expect.objectContaining({ kty: 'OKP', crv: 'Ed25519' })] });
  expect(JSON.stringify(keys)).not.toContain('"d"');
  // Ready as soon as it has reached the session Redis.
  await until(async () => (await fetch(`${internalUrl}/readyz`)).status === 200);
});

test('each instance is asked, with a token for its service; one that hangs does not hold up the page', async () => {
  const { signIn, get, hub } = await startOperations();
  const cookie = await signIn('admin');
  const redis = connectRedis({ name: 'hub', url: hub.url });
  onTestFinished(() => redis.close());
  await redis.ready();
  const described = (id: string, port: number) => ({
    instance: {
      id,
      service: 'redirect',
      process: 'http' as const,
      url: `http://127.0.0.1:${port}`,
      version: '1',
      startedAt: new Date().toISOString(),
    },
    load: () => ({ clicks: 1 }),
  });
  const ready = (response: ServerResponse) => response.writeHead(200).end();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await status.authorize(request);
      const body = JSON.stringify({ ...(await status.answer()), lastWork: 'said so itself' });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    } catch {
      response.writeHead(401).end();
    }
  };
  const answering = await listen((request, response) => {
    if (request.url === '/internal/status') void answer(request, response);
    else ready(response);
  });
  const resolver = createResolver({ redis });
  onTestFinished(() => resolver.close());
  const status = createStatusEndpoint({
    resolver,
    ...described('answers', answering),
    allow: ['worker'],
    isReady: async () => true,
    details: async () => ({
      dependencies: [{ name: 'redis-jobs', state: 'up', required: false, breaker: 'closed' }],
      figures: [{ name: 'shortstack_redirect_clicks_total', value: 5, labels: {} }],
    }),
  });
  const hanging = await listen((request, response) => {
    if (request.url !== '/internal/status') ready(response);
  });
  for (const one of [described('answers', answering), described('hangs', hanging)]) {
    const registered = registerInstance({ redis, ...one });
    onTestFinished(() => registered.close());
  }
  const overview = await until(
    async () => {
      const startedAt = performance.now();
      const found = (await (await get('/ops', { cookie })).json()) as OperationsOverview;
      expect(performance.now() - startedAt).toBeLessThan(2_500);
      return found.instances.some(({ id, answered }) => id === 'answers' && answered) && found;
    },
    { deadlineMs: 15_000 },
  );
  expect(overview).toMatchObject({
    instances: [
      {
        ...{ id: 'answers', answered: true, health: 'healthy', lastWork: 'said so itself' },
        dependencies: [{ name: 'redis-jobs', breaker: 'closed' }],
        figures: [{ name: 'shortstack_redirect_clicks_total', value: 5 }],
      },
      { id: 'hangs', answered: false, lastWork: null, dependencies: [], figures: [] },
      { service: 'worker', answered: true },
    ],
  });
  expect((await fetch(`http://127.0.0.1:${answering}/internal/status`)).status).toBe(401);
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}
