import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { browser, follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { caller, signIn, signUp, withApiKey } from '../src/people.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({
  instances: { create: 2, 'create-jobs': 0, 'redirect-jobs': 0, 'worker-jobs': 0 },
});
const http = createHttpClient();
const [one, two] = stack.services.create;
if (!one || !two) throw new Error('There are two instances of create.');

const openPrivate = (slug: string, cookie = '') =>
  follow(http, stack.shortOrigin, slug, { cookie, accept: 'text/html' });
const openOps = (cookie = '') =>
  http.send(`${stack.opsOrigin}/ops`, {
    headers: { cookie, accept: 'text/html', 'user-agent': browser },
  });
const cookieOf = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
  headers.cookie ?? '';

test('who signs in at create is known to redirect, and nobody else opens a private link', async () => {
  const owner = await signUp(http, stack);
  const other = await signUp(http, stack);
  const url = 'http://private.test/page';
  const made = await owner.call('POST', '/api/links', { url, visibility: 'private' });
  expect(made.status).toBe(201);
  const { slug } = made.json();

  const opened = await openPrivate(slug, cookieOf(owner));
  expect([opened.status, opened.headers.location]).toEqual([302, url]);
  expect((await openPrivate(slug, cookieOf(other))).status).toBe(404);
  const anonymous = await openPrivate(slug);
  expect(anonymous.status).toBe(302);
  expect(anonymous.headers.location).toMatch(new RegExp(`^${stack.appOrigin}/`));
  const program = await http.send(`${stack.shortOrigin}/${slug}`, {
    headers: { accept: 'application/json' },
  });
  expect(program.status).toBe(401);
});

test('the operations pages open for administrators alone', async () => {
  const user = await signUp(http, stack);
  const boss = await signUp(http, stack);
  await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [boss.id]);
  const admin = await signIn(http, stack, boss);

  expect((await openOps(cookieOf(user))).status).toBe(403);
  expect((await openOps(cookieOf(admin))).status).toBe(200);
  const anonymous = await openOps();
  expect(anonymous.status).toBe(302);
  expect(anonymous.headers.location).toMatch(new RegExp(`^${stack.appOrigin}/`));
});

test('after signing out at create all three refuse the next request', async () => {
  const person = await signUp(http, stack);
  await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
  const admin = await signIn(http, stack, person);
  const { slug } = (
    await admin.call('POST', '/api/links', { url: 'http://mine.test/', visibility: 'private' })
  ).json();
  const askAll = async () => {
    const answers = await Promise.all([
      admin.call('GET', '/api/auth/me'),
      openPrivate(slug, cookieOf(admin)),
      openOps(cookieOf(admin)),
    ]);
    return answers.map(({ status, headers }) => headers.location ?? status);
  };
  expect(await askAll()).toEqual([200, 'http://mine.test/', 200]);

  expect((await admin.call('POST', '/api/auth/logout')).status).toBe(204);
  expect(await askAll()).toEqual([
    401,
    expect.stringContaining(`${stack.appOrigin}/`),
    expect.stringContaining(`${stack.appOrigin}/`),
  ]);
  // Only that browser was signed out.
  expect((await person.call('GET', '/api/auth/me')).status).toBe(200);
});

test('an API key does what its scopes say, at every instance, and no more', async () => {
  const person = await signUp(http, stack);
  const { slug } = (await person.call('POST', '/api/links', { url: 'http://x.test/' })).json();
  const reader = await withApiKey(http, stack, person, ['links:read']);
  const writer = await withApiKey(http, stack, person, ['links:write']);
  const analyst = await withApiKey(http, stack, person, ['stats:read']);
  const requests = [
    ['GET', `/api/links/${slug}`],
    ['POST', '/api/links', { url: 'http://y.test/' }],
    ['GET', `/api/links/${slug}/stats`],
    ['GET', '/api/keys'],
  ] as const;
  for (const { origin } of [one, two]) {
    const askAs = async ({ headers }: { headers: Readonly<Record<string, string>> }) => {
      const api = caller(http, { appOrigin: origin }, headers);
      const statuses: number[] = [];
      for (const [method, path, body] of requests)
        statuses.push((await api.call(method, path, body)).status);
      return statuses;
    };
    expect(await askAs(reader)).toEqual([200, 403, 403, 403]);
    expect(await askAs(writer)).toEqual([403, 201, 403, 403]);
    expect(await askAs(analyst)).toEqual([403, 403, 200, 403]);
    expect(await askAs({ headers: { authorization: 'Bearer sk_unknown' } })).toEqual([
      401, 401, 401, 401,
    ]);
  }
});

test('a repeated idempotency key is answered alike by another instance and creates nothing', async () => {
  const person = await signUp(http, stack);
  const key = await withApiKey(http, stack, person);
  const again = caller(http, { appOrigin: two.origin }, key.headers);
  const idempotency = { 'idempotency-key': 'only-once' };
  const body = { url: 'http://once.test/' };
  const first = await key.call('POST', '/api/links', body, idempotency);
  const second = await again.call('POST', '/api/links', body, idempotency);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.json()).toEqual(first.json());

  const racing = { 'idempotency-key': 'raced' };
  const answers = await Promise.all(
    [key, again, key, again, key, again].map((api) =>
      api.call('POST', '/api/links', { url: 'http://raced.test/' }, racing),
    ),
  );
  const created = answers.filter(({ status }) => status === 201);
  const inProgress = answers.filter((answer) => answer.status === 409);
  expect(created.length + inProgress.length).toBe(answers.length);
  for (const answer of inProgress) expect(answer.json().code).toBe('IDEMPOTENCY_IN_PROGRESS');
  expect(new Set(created.map((answer) => answer.json().slug)).size).toBe(1);
  expect(await linksTo('http://raced.test/')).toHaveLength(1);
  expect(await linksTo(body.url)).toHaveLength(1);

  const other = await again.call('POST', '/api/links', { url: 'http://other.test/' }, idempotency);
  expect([other.status, other.json().code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
});

test('create killed between commit and answer: a retry with the same key creates nothing twice', async () => {
  const person = await signUp(http, stack);
  const key = await withApiKey(http, stack, person);
  let cutOff = 0;
  // A kill that comes too late finds the request answered: then that round has shown nothing.
  for (let round = 1; cutOff < 2 && round <= 10; round += 1) {
    const body = { url: `http://killed.test/${round}` };
    const idempotency = { 'idempotency-key': `killed-${round}` };
    // A cache that hangs holds the answer back for a moment after the commit.
    await stack.redis.cache.suspend();
    const unanswered = key.call('POST', '/api/links', body, idempotency).then(
      () => 0,
      () => 1,
    );
    await until(async () => (await linksTo(body.url)).length > 0);
    await one.kill();
    await stack.redis.cache.resume();
    cutOff += await unanswered;

    const stored = await linksTo(body.url);
    const other = caller(http, { appOrigin: two.origin }, key.headers);
    const retried = await other.call('POST', '/api/links', body, idempotency);
    expect([retried.status, retried.json().slug]).toEqual([201, stored[0]?.slug]);
    await one.start();
    const late = await key.call('POST', '/api/links', body, idempotency);
    expect([late.status, late.json()]).toEqual([201, retried.json()]);
    expect(await linksTo(body.url)).toEqual(stored);
  }
  expect(cutOff).toBe(2);
}, 60_000);

function linksTo(url: string): Promise<{ slug: string }[]> {
  return stack.sql<{ slug: string }>('SELECT slug FROM links WHERE url = $1', [url]);
}
