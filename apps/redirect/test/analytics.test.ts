import { createLeaderboard, createUniqueVisitors } from '@shortstack/analytics';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { startChild } from './child-process.ts';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp({ TRUSTED_PROXIES: '127.0.0.1' });
const jobs = await stack.startJobs();
const { sql } = stack;
const hub = connectRedis({ name: 'hub', url: stack.redis.hub.url, commandTimeoutMs: 5_000 });
await hub.ready();
afterAll(() => hub.close());
const visitors = createUniqueVisitors({ redis: hub, name: 'redirect' });
const leaderboard = createLeaderboard({ redis: hub, name: 'redirect' });

const browser =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

/** So many people follow it, each as often as said, and a bot. */
async function visit(slug: string, people: number, times = 1, network = '10.0.0') {
  for (let i = 0; i < people * times; i++) {
    const address = `${network}.${i % people}`;
    await redirect.get(`/${slug}`, { 'user-agent': browser, 'x-forwarded-for': address });
  }
  await redirect.get(`/${slug}`, { 'user-agent': 'curl/8.5.0' });
}

const unique = (id: number, window: 'hour' | 'day' | 'week' = 'hour') =>
  visitors.count({ subject: `${id}`, window });

test('a second after they are counted, people are unique visitors of every window, however often they came', async () => {
  const { id, slug } = await insertLink(sql);
  await visit(slug, 20, 3);
  await until(async () => (await unique(id)) === 20);
  expect([await unique(id, 'day'), await unique(id, 'week')]).toEqual([20, 20]);
});

test('a hub that lost everything gets it all again, and only then counts as complete', async () => {
  const { id, slug } = await insertLink(sql);
  await visit(slug, 5);
  await until(async () => (await unique(id)) === 5);
  await until(async () => !(await visitors.needsRebuild()));
  await hub.client.flushall();
  await until(async () => !(await visitors.needsRebuild()));
  expect(await unique(id)).toBe(5);
});

test('what is counted while the hub is away is there when it is back', async () => {
  const { id, slug } = await insertLink(sql);
  await stack.redis.hub.suspend();
  await visit(slug, 7);
  await until(async () => {
    const { rows } = await sql.query('SELECT 1 FROM link_totals WHERE link_id = $1', [id]);
    return rows.length > 0;
  });
  await stack.redis.hub.resume();
  await until(async () => (await unique(id).catch(() => 0)) > 0);
  expect(await unique(id)).toBe(7);
});

test('one command rebuilds leaderboards and unique visitors, and may be run again', async () => {
  const { id, slug } = await insertLink(sql);
  await visit(slug, 9, 2);
  await until(async () => (await unique(id)) === 9);
  await jobs.close();
  await hub.client.flushall();
  const { rows } = await sql.query<{ account_id: string }>(
    'SELECT account_id FROM links WHERE id = $1',
    [id],
  );
  const board = rows[0]?.account_id ?? '';
  const { DATABASE_URL = '', REDIS_HUB_URL = '' } = stack.environment('jobs');
  for (let run = 0; run < 2; run++) {
    const rebuild = startChild('src/rebuild-analytics.ts', { DATABASE_URL, REDIS_HUB_URL });
    expect(await rebuild.ended).toBe(0);
    expect(await unique(id, 'week')).toBe(9);
    const top = await leaderboard.top({ board, window: 'week', limit: 100 });
    expect(top).toContainEqual({ member: slug, score: 18 });
    expect(await visitors.needsRebuild()).toBe(false);
    expect(await leaderboard.needsRebuild()).toBe(false);
  }
});

test('the next redirect-jobs adds what its predecessor had counted and not published', async () => {
  const { id, slug } = await insertLink(sql);
  const { rows } = await sql.query<{ id: string }>('SELECT id FROM links WHERE slug = $1', [slug]);
  await sql.query(
    `INSERT INTO clicks (clicked_at, link_id, request_id, visitor, is_bot)
     SELECT now(), $1, 'r' || n, n, false FROM generate_series(1, 4) AS n`,
    [rows[0]?.id],
  );
  expect(await unique(id)).toBe(0);
  await stack.startJobs();
  await until(async () => (await unique(id)) === 4);
});
