import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { follow } from '../src/follow.ts';
import { createHttpClient, type HttpAnswer } from '../src/http-client.ts';
import { startLoad } from '../src/load.ts';
import { outboxDrained } from '../src/outbox-drained.ts';
import { caller, signIn, signUp, withApiKey } from '../src/people.ts';
import { redisCommand } from '../src/redis-command.ts';
import type { StackRedis } from '../src/redis-servers.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({ withOwnPostgres: true, rateLimits: 'on' });
const http = createHttpClient();
const person = await signUp(http, stack);
const api = await withApiKey(http, stack, person);
await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
const admin = await signIn(http, stack, person);
const anonymous = caller(http, stack, {});
let made = 0;

test('session Redis hung: cookies get 503, and API keys and public links go on', async () => {
  const { slug: open } = await create();
  const { slug: own } = await create({ visibility: 'private' });
  const unused = { email: 'nobody-yet@example.com', password: 'correct horse battery' };
  await whileSuspended(stack.redis.session, async () => {
    expectUnavailable(await person.call('GET', '/api/auth/me'));
    expectUnavailable(await person.call('POST', '/api/links', { url: 'http://x.test/' }));
    expectUnavailable(await openPrivate(own));
    expectUnavailable(await http.send(`${stack.opsOrigin}/ops`, { headers: admin.headers }));
    expectUnavailable(await anonymous.call('POST', '/api/auth/register', unused));
    expectUnavailable(await anonymous.call('POST', '/api/auth/login', unused));
    expect(await stack.sql('SELECT FROM accounts WHERE email = $1', [unused.email])).toEqual([]);

    expect((await anonymous.call('GET', '/api/auth/me')).status).toBe(401);
    const malformed = caller(http, stack, { cookie: 'shortstack_session=nonsense' });
    expect((await malformed.call('GET', '/api/auth/me')).status).toBe(401);
    expect((await api.call('GET', `/api/links/${open}`)).status).toBe(200);
    expect((await follow(http, stack.shortOrigin, (await create()).slug)).status).toBe(302);
    expect((await follow(http, stack.shortOrigin, open)).status).toBe(302);
  });
  await until(async () => (await person.call('GET', '/api/auth/me')).status === 200);
  await until(async () => (await openPrivate(own)).status === 302);
});

test('cache Redis killed: creation and redirects go on', async () => {
  const { slug: cached } = await create();
  const { slug: uncached } = await create();
  expect((await follow(http, stack.shortOrigin, cached)).status).toBe(302);
  await stack.redis.cache.destroy();
  const { slug: created } = await create();
  for (const slug of [cached, uncached, created])
    expect((await follow(http, stack.shortOrigin, slug)).status).toBe(302);

  await stack.redis.cache.startEmpty();
  await until(async () => {
    const { slug } = await create();
    return redisCommand(stack.redis.cache.url, 'EXISTS', `redirect:link:${slug}`);
  });
});

test('hub hung: creation, redirects and operations go on, and rate limits count in the process', async () => {
  await whileSuspended(stack.redis.hub, async () => {
    const { slug } = await create();
    expect((await follow(http, stack.shortOrigin, slug)).status).toBe(302);
    const limited = await api.call('POST', '/api/links', { url: 'http://x.test/' });
    expect([limited.status, typeof limited.headers.ratelimit]).toEqual([201, 'string']);
    const operations = await http.send(`${stack.opsOrigin}/ops`, { headers: admin.headers });
    expect(operations.status).toBe(200);
  });
  expect(await outboxDrained(stack)).toBe(true);
});

test("create's jobs Redis killed: links are created, and their jobs follow when it is back", async () => {
  await stack.redis['jobs-create'].destroy();
  const { slug } = await create();
  const [link] = await stack.sql<{ id: string }>('SELECT id FROM links WHERE slug = $1', [slug]);
  expect((await follow(http, stack.shortOrigin, slug)).status).toBe(302);

  await stack.redis['jobs-create'].startEmpty();
  await until(
    async () => {
      const [, keys] = (await redisCommand(
        stack.redis['jobs-create'].url,
        ...['SCAN', 0, 'MATCH', `*metadata-${link?.id}-*`, 'COUNT', 10_000],
      )) as [string, string[]];
      return keys.length > 0;
    },
    { deadlineMs: 15_000, message: 'The job of the new link was not queued' },
  );
}, 30_000);

test('PostgreSQL killed: cached redirects go on, writes get 503, and all recover by themselves', async () => {
  const { slug: cached } = await create();
  const { slug: uncached } = await create();
  const { slug: limited } = await create({ maxClicks: 5 });
  for (const slug of [cached, limited])
    expect((await follow(http, stack.shortOrigin, slug)).status).toBe(302);
  await redisCommand(stack.redis.cache.url, 'DEL', `redirect:link:${uncached}`);

  await stack.postgres?.kill();
  const load = startLoad({
    perSecond: 100,
    send: (index) =>
      follow(http, stack.shortOrigin, cached, { 'x-request-id': `without-postgres-${index}` }),
    isGood: ({ status }) => status === 302,
  });
  expectUnavailable(await follow(http, stack.shortOrigin, uncached));
  expectUnavailable(await follow(http, stack.shortOrigin, limited));
  expectUnavailable(await api.call('POST', '/api/links', { url: 'http://x.test/' }));
  expectUnavailable(await person.call('GET', '/api/links'));

  // Long enough for every breaker to open, and for backoffs to grow.
  await until(() => load.answered >= 200, { deadlineMs: 15_000 });
  await load.stop();
  expect([load.failures, load.refused]).toEqual([[], 0]);

  await stack.postgres?.start();
  const processes = Object.values(stack.services).flat();
  await Promise.all(processes.map((process) => process.ready(10_000)));
  await until(async () => (await create()).slug, { deadlineMs: 10_000 });
  for (const slug of [cached, uncached, limited])
    await until(async () => (await follow(http, stack.shortOrigin, slug)).status === 302);
  expect(await outboxDrained(stack)).toBe(true);
  const uncounted = async () => {
    const rows = await stack.sql(`SELECT FROM clicks WHERE request_id LIKE 'without-postgres-%'`);
    return load.answered - rows.length;
  };
  await until(async () => (await uncounted()) === 0, {
    deadlineMs: 15_000,
    message: 'The clicks of that time were not counted',
  });
}, 60_000);

async function create(fields: object = {}): Promise<{ slug: string }> {
  made += 1;
  const url = `http://target.test/${made}`;
  const answer = await api.call('POST', '/api/links', { url, ...fields });
  return answered(201, answer).json();
}

function openPrivate(slug: string): Promise<HttpAnswer> {
  return follow(http, stack.shortOrigin, slug, person.headers);
}

function expectUnavailable(answer: HttpAnswer): void {
  const { headers } = answered(503, answer);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
}

async function whileSuspended(server: StackRedis, work: () => Promise<void>): Promise<void> {
  await server.suspend();
  try {
    await work();
  } finally {
    await server.resume();
  }
}
