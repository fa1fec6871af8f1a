import { randomUUID } from 'node:crypto';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { type Client, client, cookieOf, signUp } from './client.ts';
import { appOrigin, startCreate } from './start-create.ts';

const create = await startCreate({ RATE_LIMITS: true });
const initial = {
  ...{ maintenance: false, rateLimits: true },
  ...{ linksPerMinute: 120, unknownSlugsPerMinute: 60 },
  ...{ traceRatio: 0.01, redirectTraceRatio: 0 },
};

async function signInAdmin(): Promise<Client & { email: string }> {
  const { email } = await signUp(create);
  await create.sql.query(`UPDATE accounts SET role = 'admin' WHERE email = $1`, [email]);
  const login = { email, password: 'correct horse' };
  const answer = await client(create).post('/api/auth/login', login);
  return { email, ...client(create, { cookie: cookieOf(answer), origin: appOrigin }) };
}
const admin = await signInAdmin();
const person = await signUp(create);
const change = async (settings: object) => {
  const answer = await admin.patch('/api/settings', settings);
  expect(answer.statusCode).toBe(200);
  return answer.json();
};
const createLink = (who: Client) => who.post('/api/links', { url: 'https://example.com/' });

test('settings have defaults, and a change leaves the others alone', async () => {
  expect((await admin.get('/api/settings')).json()).toEqual(initial);
  const changed = { ...initial, unknownSlugsPerMinute: 100 };
  expect(await change({ unknownSlugsPerMinute: 100 })).toEqual(changed);
  await Promise.all([change({ linksPerMinute: 100 }), change({ unknownSlugsPerMinute: 60 })]);
  expect((await admin.get('/api/settings')).json()).toEqual({ ...initial, linksPerMinute: 100 });
  await change({ linksPerMinute: 120 });
});

test('only administrators see and change them, and only to what makes sense', async () => {
  expect((await person.get('/api/settings')).json().code).toBe('ADMIN_REQUIRED');
  expect((await person.patch('/api/settings', { maintenance: true })).statusCode).toBe(403);
  expect((await client(create).get('/api/settings')).statusCode).toBe(401);
  for (const bad of [{}, { linksPerMinute: 0 }, { maintenance: 'yes' }, { colour: 'red' }]) {
    expect((await admin.patch('/api/settings', bad)).statusCode).toBe(400);
  }
});

test('maintenance refuses writes with 503, and nothing else', async () => {
  const { slug } = (await createLink(person)).json();
  await change({ maintenance: true });
  const refused = [
    await createLink(person),
    await person.patch(`/api/links/${slug}`, { title: 'new' }),
    await person.delete(`/api/links/${slug}`),
    await client(create).post('/api/auth/register', { email: 'a@b.example', password: '12345678' }),
    await person.delete(`/api/auth/identities/${randomUUID()}`),
  ];
  for (const { statusCode, headers, json } of refused) {
    expect([statusCode, headers['retry-after'], json().code]).toEqual([503, '30', 'MAINTENANCE']);
  }
  expect((await person.get(`/api/links/${slug}`)).statusCode).toBe(200);
  const login = { email: admin.email, password: 'correct horse' };
  expect((await client(create).post('/api/auth/login', login)).statusCode).toBe(200);
  await change({ maintenance: false });
  expect((await createLink(person)).statusCode).toBe(201);
});

test('limits on creation follow the settings', async () => {
  const busy = await signUp(create);
  await change({ linksPerMinute: 2 });
  expect((await createLink(busy)).headers['ratelimit-policy']).toBe('"links";q=2;w=60');
  expect((await createLink(busy)).statusCode).toBe(429);
  await change({ rateLimits: false });
  expect((await createLink(busy)).statusCode).toBe(201);
  await change({ rateLimits: true, linksPerMinute: 120 });
});

test('what another version stored is passed over where it can’t be read', async () => {
  await create.sql.query(
    `UPDATE runtime_settings SET settings = '{"linksPerMinute": "many", "colour": "red", "rateLimits": false}'`,
  );
  expect((await admin.get('/api/settings')).json()).toEqual({ ...initial, rateLimits: false });
  await change({ rateLimits: true });
});

test('an instance that starts during maintenance refuses its first write', async () => {
  await change({ maintenance: true });
  const second = await startCreate(
    { REDIS_SESSION_URL: create.redis.session, REDIS_HUB_URL: create.redis.hub },
    create.database,
  );
  const there = client(second, person.headers);
  expect((await createLink(there)).statusCode).toBe(503);
  await change({ maintenance: false });
  await until(async () => (await createLink(there)).statusCode === 201, { deadlineMs: 1_000 });
  await second.close();
});
