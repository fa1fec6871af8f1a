import { expect, test } from 'vitest';
import { type Client, client, signUp, withApiKey } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate({
  RATE_LIMITS: true,
  DAILY_LINKS_PER_KEY: 70,
  TRUSTED_PROXIES: ['127.0.0.1'],
});
const from = (address: string) => client(create, { 'x-forwarded-for': address });
const password = 'correct horse';

async function statuses(times: number, call: () => Promise<{ statusCode: number }>) {
  const found: number[] = [];
  for (let i = 0; i < times; i++) found.push((await call()).statusCode);
  return found;
}

test('an account may be tried ten times in a quarter of an hour, from wherever', async () => {
  let n = 0;
  const attempt = () => {
    n += 1;
    return from(`10.0.0.${n}`).post('/api/auth/login', { email: 'Victim@example.com', password });
  };
  expect(await statuses(12, attempt)).toEqual([...Array(10).fill(401), 429, 429]);
  const refused = await from('10.0.1.1').post('/api/auth/login', {
    email: 'victim@example.com',
    password,
  });
  expect(refused.json().code).toBe('RATE_LIMITED');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.headers['ratelimit-policy']).toBe('"login-account";q=10;w=900');
  expect(refused.headers.ratelimit).toMatch(/^"login-account";r=0;t=\d+$/);
});

test('an address may try thirty times, whatever the accounts', async () => {
  let n = 0;
  const attempt = () => {
    n += 1;
    return from('10.1.0.1').post('/api/auth/login', { email: `many-${n}@example.com`, password });
  };
  expect((await statuses(31, attempt)).at(-1)).toBe(429);
  expect(
    (await from('10.1.0.2').post('/api/auth/login', { email: 'x@example.com', password }))
      .statusCode,
  ).toBe(401);
});

test('an address may register ten times an hour, and one IPv6 network is one address', async () => {
  let n = 0;
  const register = () => {
    n += 1;
    return from(`2001:db8::${n}`).post('/api/auth/register', {
      email: `reg-${n}@example.com`,
      password,
    });
  };
  expect(await statuses(11, register)).toEqual([...Array(10).fill(201), 429]);
});

test('X-Forwarded-For is believed from trusted proxies only', async () => {
  const strict = await startCreate({ RATE_LIMITS: true });
  let n = 0;
  const attempt = () => {
    n += 1;
    const spoofed = client(strict, { 'x-forwarded-for': `10.2.0.${n}` });
    return spoofed.post('/api/auth/login', { email: `spoof-${n}@example.com`, password });
  };
  expect((await statuses(31, attempt)).at(-1)).toBe(429);
});

test('creation is limited per user across their keys, and says how much is left', async () => {
  const person = await signUp(create);
  const [one, two] = [await withApiKey(create, person), await withApiKey(create, person)];
  const first = await one.post('/api/links', { url: 'https://example.com/' });
  expect(first.headers['ratelimit-policy']).toMatch(/^"links(-key)?";q=120;w=60$/);
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, i) =>
      (i % 2 ? one : two).post('/api/links', { url: 'https://example.com/' }),
    ),
  );
  const refused = answers.filter((answer) => answer.statusCode === 429);
  expect(refused.length).toBeGreaterThan(10);
  expect(refused.every((answer) => answer.headers['retry-after'] !== undefined)).toBe(true);
});

test('bulk creation costs as much as it has rows', async () => {
  const person = await signUp(create);
  const links = Array(1_000).fill({ url: 'nonsense' });
  expect(await statuses(6, () => person.post('/api/links/bulk', { links }))).toEqual([
    ...[200, 200, 200, 200, 200, 429],
  ]);
});

test('a key creates so many links a day (UTC), in bulk or one by one; others of the same account go on', async () => {
  const person = await signUp(create);
  const [key, other] = [await withApiKey(create, person), await withApiKey(create, person)];
  const link = { url: 'https://example.com/' };
  const one = (by: Client) => by.post('/api/links', link);
  const many = (by: Client, rows: number) =>
    by.post('/api/links/bulk', { links: Array(rows).fill(link) });

  const first = await many(key, 68);
  expect(first.headers['ratelimit-policy']).toBe('"links-key-day";q=70;w=86400');
  expect(first.headers.ratelimit).toMatch(/^"links-key-day";r=2;t=\d+$/);
  expect((await many(key, 3)).statusCode).toBe(429);
  expect(await statuses(3, () => one(key))).toEqual([201, 201, 429]);
  const refused = await one(key);
  expect(refused.headers.ratelimit).toMatch(/^"links-key-day";r=0;t=\d+$/);
  const secondsLeftToday = 86_400 - (Math.floor(Date.now() / 1_000) % 86_400);
  expect(Math.abs(Number(refused.headers['retry-after']) - secondsLeftToday)).toBeLessThan(5);

  expect((await one(other)).statusCode).toBe(201);
  expect((await one(person)).statusCode).toBe(201);
});
