import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { client, signUp, withApiKey } from './client.ts';
import { startCreate } from './start-create.ts';

/** Two instances that share everything. */
const cacheServer = await startTestRedis();
const proxy = await createFaultProxy({ targetPort: cacheServer.port });
const one = await startCreate({ REDIS_CACHE_URL: `redis://127.0.0.1:${proxy.port}` });
const two = await startCreate(
  {
    REDIS_SESSION_URL: one.redis.session,
    REDIS_HUB_URL: one.redis.hub,
    REDIS_CACHE_URL: one.redis.cache,
  },
  one.database,
);
const cache = new Redis(cacheServer.url);
afterAll(() => cache.quit());
const person = await signUp(one);
const atTwo = (headers: Record<string, string>) => client(two, headers);
let count = 0;

async function newLink() {
  count += 1;
  const slug = `cached-${count}`;
  await person.post('/api/links', { url: 'https://example.com/', slug });
  const { rows } = await one.sql.query('SELECT id FROM links WHERE slug = $1', [slug]);
  const id = Number(rows[0].id);
  const countClicks = (clicks: number) =>
    one.sql.query(
      `INSERT INTO link_days VALUES ($1, '2026-03-01', $2, 0, 0)
       ON CONFLICT (link_id, day) DO UPDATE SET clicks = $2`,
      [id, clicks],
    );
  const range = 'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z';
  return { id, path: `/api/links/${slug}/stats?${range}`, countClicks };
}

async function metricsOf({ internalUrl }: { internalUrl: string }): Promise<string> {
  return (await fetch(`${internalUrl}/metrics`)).text();
}

test('a deleted key is refused at once where it was deleted, and within 5 s everywhere', async () => {
  const key = await withApiKey(one, person);
  const elsewhere = atTwo(key.headers);
  expect((await key.get('/api/links')).statusCode).toBe(200);
  expect((await elsewhere.get('/api/links')).statusCode).toBe(200);
  await person.delete(`/api/keys/${key.id}`);
  expect((await key.get('/api/links')).statusCode).toBe(401);
  const refused = async () => (await elsewhere.get('/api/links')).statusCode === 401;
  await until(refused, { deadlineMs: 5_000 });
});

test('a key that expires while it is cached is not accepted any longer', async () => {
  const expiresAt = new Date(Date.now() + 1_500);
  const body = { name: 'brief', scopes: ['links:read'], expiresAt: expiresAt.toISOString() };
  const { key } = (await person.post('/api/keys', body)).json();
  const brief = client(one, { authorization: `Bearer ${key}` });
  expect((await brief.get('/api/links')).statusCode).toBe(200);
  await until(() => Date.now() >= expiresAt.getTime());
  expect((await brief.get('/api/links')).statusCode).toBe(401);
});

test('an unknown key costs one look-up however often it is tried', async () => {
  const unknown = client(one, { authorization: `Bearer ssk_${'u'.repeat(43)}` });
  const lookUps = async () =>
    Number(/cache_loads_total\{.*cache="api-keys".*\} (\d+)/.exec(await metricsOf(one))?.[1]);
  await unknown.get('/api/links');
  const before = await lookUps();
  for (let i = 0; i < 20; i += 1) {
    expect((await unknown.get('/api/links')).statusCode).toBe(401);
  }
  expect(before).toBeGreaterThan(0);
  expect(await lookUps()).toBe(before);
});

test('statistics are the same in all instances, and 5 s old at most', async () => {
  const { id, path, countClicks } = await newLink();
  await countClicks(1);
  expect((await person.get(path)).json().clicks).toBe(1);
  const entries = await until(async () => {
    const keys = await cache.keys(`create:stats:${id}?*`);
    return keys.length === 1 ? keys : null;
  });
  // Until the first answer is stored, the key holds the lease of whoever works it out, for 5 s.
  await until(async () => (await cache.pttl(String(entries))) <= 3_000);
  await countClicks(2);
  const seen = async () => (await atTwo(person.headers).get(path)).json().clicks;
  expect([1, 2]).toContain(await seen());
  await until(async () => (await seen()) === 2, { deadlineMs: 5_000 });
});

test("a stranger does not see another's statistics because they are cached", async () => {
  const { path, countClicks } = await newLink();
  await countClicks(1);
  expect((await person.get(path)).statusCode).toBe(200);
  expect((await (await signUp(one)).get(path)).statusCode).toBe(404);
});

test('each query has statistics of its own', async () => {
  const { path, countClicks } = await newLink();
  await countClicks(1);
  const points = async (more: string) => (await person.get(`${path}${more}`)).json().series.length;
  expect(await points('')).toBe(1);
  expect(await points('&interval=hour')).toBe(24);
  expect(await points('&timezone=Asia%2FKolkata')).toBe(2);
  expect((await person.get(`${path}&timezone=Nowhere/Atall`)).statusCode).toBe(400);
});

test.for(['cut', 'stall'] as const)(
  'while the cache Redis is away (%s) keys and statistics come from PostgreSQL',
  async (fault) => {
    const { path, countClicks } = await newLink();
    const key = await withApiKey(one, person);
    await countClicks(3);
    await proxy[fault]();
    expect((await key.get(path)).json().clicks).toBe(3);
    expect((await key.get('/api/links')).statusCode).toBe(200);
    await proxy.heal();
  },
);

test('the metrics tell of each cache and tier', async () => {
  const text = await metricsOf(one);
  for (const name of ['links', 'api-keys', 'stats']) {
    expect(text).toContain(`cache="${name}"`);
  }
  expect(text).toMatch(/shortstack_cache_requests_total\{[^}]*cache="stats"[^}]*tier="l2"/);
  expect(text).toMatch(/shortstack_cache_bytes\{[^}]*cache="api-keys"[^}]*\} [1-9]/);
});
