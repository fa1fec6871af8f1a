import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { browser, follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { inParallel } from '../src/in-parallel.ts';
import { startLoad } from '../src/load.ts';
import { outboxDrained } from '../src/outbox-drained.ts';
import { signIn, signUp, withApiKey } from '../src/people.ts';
import { readClicks } from '../src/read-clicks.ts';
import { redisCommand } from '../src/redis-command.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack();
const http = createHttpClient({ connections: 16 });
const person = await signUp(http, stack);
const api = await withApiKey(http, stack, person);
const processes = Object.values(stack.services).flat();
const pids = processes.map(({ pid }) => pid);

/** Set once the hub's leaderboards are what PostgreSQL has counted. */
const COMPLETE = 'redirect:leaderboard:rebuilt';
/** Followed often, seldom, and never: the last ones lie in no memory of redirect's. */
const slugs = Array.from({ length: 12 }, (_, index) => `link-${index}`);
const followed = slugs.slice(0, 8);
const kept = slugs.slice(8, 10);
const untouched = slugs.slice(10);

for (const slug of slugs) {
  answered(201, await api.call('POST', '/api/links', { url: `http://target.test/${slug}`, slug }));
}
const load = startLoad({
  perSecond: 65,
  send: (index) => follow(http, stack.shortOrigin, kept[index % kept.length] ?? ''),
  isGood: ({ status }) => status === 302,
});
afterAll(async () => {
  await load.stop();
  http.close();
});

test('losing all six Redis servers with their data costs sessions and nothing else', async () => {
  const clicks = followed.flatMap((slug, index) => Array.from({ length: 3 + index }, () => slug));
  await inParallel(clicks, 8, (slug, index) =>
    follow(http, stack.shortOrigin, slug, {
      'user-agent': index % 5 === 0 ? 'curl/8.14.1' : browser,
      referer: 'https://referrer.test/page',
    }),
  );
  await until(async () => (await countedClicks()) === clicks.length, {
    deadlineMs: 15_000,
    message: 'Not all clicks were counted',
  });
  await until(async () => (await board()).length >= followed.length);
  const before = await everything();
  expect((await person.call('GET', '/api/auth/me')).status).toBe(200);
  expect(load.failures).toEqual([]);
  const answeredBefore = load.answered;

  const servers = Object.values(stack.redis);
  await Promise.all(servers.map((server) => server.destroy()));
  // Cached ones are followed by the load.
  for (const slug of untouched)
    expect((await follow(http, stack.shortOrigin, slug)).status).toBe(302);
  const madeAway = { url: 'http://away.test/', slug: 'made-away' };
  answered(201, await api.call('POST', '/api/links', madeAway));
  expect((await person.call('GET', '/api/auth/me')).status).toBe(503);
  await Promise.all(servers.map((server) => server.startEmpty()));

  // Nobody was restarted, and everybody is back.
  await Promise.all(processes.map((process) => process.ready(10_000)));
  expect(processes.map(({ pid }) => pid)).toEqual(pids);
  await until(async () => (await registered()).length === processes.length, {
    deadlineMs: 15_000,
    message: 'Not every process registered again',
  });
  expect(
    await until(async () => {
      const { status } = await person.call('GET', '/api/auth/me');
      return status !== 503 && status;
    }),
  ).toBe(401);
  const again = await signIn(http, stack, person);
  expect((await again.call('GET', '/api/auth/me')).status).toBe(200);

  expect(await everything()).toEqual(before);
  expect(await outboxDrained(stack)).toBe(true);
  await until(
    async () => {
      const clicks = await readClicks(api);
      return untouched.every((slug) => clicks.get(slug) === 1);
    },
    { deadlineMs: 15_000, message: 'The clicks made meanwhile were not counted' },
  );
  await until(() => redisCommand(stack.redis.hub.url, 'EXISTS', COMPLETE), {
    deadlineMs: 10_000,
    message: 'The leaderboards were not rebuilt',
  });
  expect((await everything()).board).toEqual(before.board);

  const [first = ''] = followed;
  expect((await follow(http, stack.shortOrigin, first)).status).toBe(302);
  const wanted = (before.clicks.get(first) ?? 0) + 1;
  await until(async () => (await readClicks(api)).get(first) === wanted);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(load.refused).toBe(0);
  expect(load.answered).toBeGreaterThan(answeredBefore);
}, 90_000);

/** All figures of the followed links that people see. */
async function everything() {
  const clicks = await readClicks(api);
  for (const slug of clicks.keys()) if (!followed.includes(slug)) clicks.delete(slug);
  const stats = await inParallel(followed, 4, async (slug) => {
    return answered(200, await api.call('GET', `/api/links/${slug}/stats`)).json();
  });
  const ranks = (await board()).filter(({ slug }) => followed.includes(slug));
  return { clicks, stats, board: ranks };
}

async function board(): Promise<{ slug: string; clicks: number }[]> {
  const answer = await api.call('GET', '/api/leaderboard?window=day&limit=100');
  return answered(200, answer).json().items;
}

async function countedClicks(): Promise<number> {
  const [row] = await stack.sql<{ count: number }>(
    `SELECT count(*)::int FROM clicks JOIN links ON links.id = link_id WHERE slug = ANY($1)`,
    [followed],
  );
  return row?.count ?? 0;
}

async function registered(): Promise<unknown[]> {
  const keys = await redisCommand(stack.redis.hub.url, 'KEYS', 'registry:{instances}:record:*');
  return keys as unknown[];
}
