import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { client, cookieOf, signUp, withApiKey } from './client.ts';
import { appOrigin, startCreate } from './start-create.ts';

const url = 'https://example.com/';
const password = 'correct horse';

/** A create whose servers stand behind proxies that can fail. */
async function startBehindProxies() {
  const behind = async () => {
    const server = await startTestRedis();
    const proxy = await createFaultProxy({ targetPort: server.port });
    return { proxy, url: server.url.replace(`:${server.port}`, `:${proxy.port}`) };
  };
  const [session, hub, cache] = [await behind(), await behind(), await behind()];
  const create = await startCreate({
    REDIS_SESSION_URL: session.url,
    REDIS_HUB_URL: hub.url,
    REDIS_CACHE_URL: cache.url,
    RATE_LIMITS: true,
  });
  const isUp = async () => {
    const report = await (await fetch(`${create.internalUrl}/readyz`)).json();
    const { dependencies } = report as { dependencies: { state: string; breaker: string }[] };
    return dependencies.every(({ state, breaker }) => state === 'up' && breaker === 'closed');
  };
  await until(isUp);
  return { create, session: session.proxy, hub: hub.proxy, cache: cache.proxy };
}

const { create, session, hub, cache } = await startBehindProxies();
const person = await signUp(create);
const key = await withApiKey(create, person);

const accounts = async () =>
  (await create.sql.query('SELECT count(*) FROM accounts')).rows[0].count;

test.for(['cut', 'stall'] as const)(
  'while the session Redis is away (%s) sessions get 503, nobody is signed out, and keys work on',
  async (fault) => {
    // Who asks to be signed out may be, although the answer was 503: a command that timed out can still have run.
    const leaver = await signUp(create);
    const before = await accounts();
    await session[fault]();
    const register = { email: `late-${fault}@example.com`, password };
    const refused = [
      await person.get('/api/auth/me'),
      await person.post('/api/links', { url }),
      await leaver.post('/api/auth/logout'),
      await client(create).post('/api/auth/register', register),
      await client(create).post('/api/auth/login', { email: person.email, password }),
    ];
    for (const answer of refused) {
      expect(answer.statusCode).toBe(503);
      expect(answer.json().code).toBe('REDIS_UNAVAILABLE');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect(await accounts()).toBe(before);
    expect((await key.post('/api/links', { url })).statusCode).toBe(201);
    expect((await client(create).get('/api/auth/me')).statusCode).toBe(401);
    expect(
      (await client(create, { cookie: 'shortstack_session=x' }).get('/api/auth/me')).statusCode,
    ).toBe(401);

    await session.heal();
    await until(async () => (await person.get('/api/auth/me')).statusCode === 200);
    expect((await client(create).post('/api/auth/register', register)).statusCode).toBe(201);
  },
);

test('while the cache Redis is away links are created, changed and deleted', async () => {
  for (const fault of ['cut', 'stall'] as const) {
    await cache[fault]();
    const { slug } = (await person.post('/api/links', { url })).json();
    expect((await person.patch(`/api/links/${slug}`, { title: 'x' })).statusCode).toBe(200);
    expect((await person.delete(`/api/links/${slug}`)).statusCode).toBe(204);
    const links = Array(500).fill({ url });
    const bulk = await person.post('/api/links/bulk', { links });
    expect(bulk.statusCode).toBe(200);
    await cache.heal();
  }
});

test('while the hub is away limits are kept by the process alone, and leaderboards read PostgreSQL', async () => {
  await hub.cut();
  const someone = await withApiKey(create, await signUp(create));
  const answers = await Promise.all(
    Array.from({ length: 65 }, () => someone.post('/api/links', { url })),
  );
  const statuses = new Set(answers.map(({ statusCode }) => statusCode));
  expect(statuses).toEqual(new Set([201, 429]));
  expect((await person.get('/api/leaderboard')).statusCode).toBe(200);
  await hub.heal();
});

test('while PostgreSQL is away everything that needs it gets 503, sessions do not, and it comes back', async () => {
  const proxyOf = async (databaseUrl: string) => {
    const target = new URL(databaseUrl);
    const proxy = await createFaultProxy({ targetPort: Number(target.port) });
    target.port = String(proxy.port);
    return { proxy, url: target.href };
  };
  const { proxy, url: databaseUrl } = await proxyOf(create.database.urlFor('create'));
  const other = await startCreate({ DATABASE_URL: databaseUrl }, create.database);
  const someone = await signUp(other);
  await proxy.cut();
  const answers = [
    await someone.get('/api/links'),
    await someone.post('/api/links', { url }),
    await someone.post('/api/links', { url }, { 'idempotency-key': 'k' }),
    await someone.post('/api/links/bulk', { links: [{ url }] }),
    await someone.patch('/api/links/x', { title: 'x' }),
    await client(other, key.headers).get('/api/links'),
    await client(other).post('/api/auth/login', { email: person.email, password }),
  ];
  for (const answer of answers) {
    expect(answer.statusCode).toBe(503);
    expect(answer.json().code).toBe('DATABASE_UNAVAILABLE');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  }
  expect((await someone.get('/api/auth/me')).statusCode).toBe(200);
  await until(async () => (await fetch(`${other.internalUrl}/readyz`)).status === 503);
  await proxy.heal();
  await until(async () => (await someone.post('/api/links', { url })).statusCode === 201);
});

test('a session Redis that comes back empty signs everybody out', async () => {
  const server = await startTestRedis();
  const other = await startCreate({ REDIS_SESSION_URL: server.url }, create.database);
  const someone = await signUp(other);
  await server.stop();
  await startTestRedis({ port: server.port });
  await until(async () => (await someone.get('/api/auth/me')).statusCode === 401);
  const login = await client(other).post('/api/auth/login', { email: someone.email, password });
  const again = client(other, { cookie: cookieOf(login), origin: appOrigin });
  expect((await again.get('/api/auth/me')).statusCode).toBe(200);
});

test('a full session Redis refuses to register before there is an account', async () => {
  const server = await startTestRedis();
  const other = await startCreate({ REDIS_SESSION_URL: server.url }, create.database);
  const redis = new Redis(server.url);
  onTestFinished(() => redis.disconnect());
  await redis.config('SET', 'maxmemory', '1');

  const email = 'late@example.com';
  const refused = await client(other).post('/api/auth/register', { email, password });
  expect(refused.statusCode).toBe(503);
  await redis.config('SET', 'maxmemory', '0');
  const registered = await client(other).post('/api/auth/register', { email, password });
  expect(registered.statusCode).toBe(201);
});
