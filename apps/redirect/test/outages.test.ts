import { createFaultProxy, until } from '@shortstack/testing';
import { afterEach, expect, test } from 'vitest';
import { insertLink } from './links.ts';
import { type Answer, send } from './send.ts';
import { type Instance, startStack } from './start-redirect.ts';

const stack = await startStack();
const { sql } = stack;
const proxyTo = async (url: string) => {
  const proxy = await createFaultProxy({ targetPort: Number(new URL(url).port) });
  return { proxy, url: Object.assign(new URL(url), { port: String(proxy.port) }).href };
};
const database = await proxyTo(stack.database.urlFor('redirect'));
const cache = await proxyTo(stack.redis.cache.url);
const environment = { DATABASE_URL: database.url, REDIS_CACHE_URL: cache.url };
const redirect = await stack.startHttp(environment);
const brief = { LINK_TTL_SECONDS: '1', STALE_IF_ERROR_SECONDS: '600' };

afterEach(async () => {
  await Promise.all([database.proxy.heal(), cache.proxy.heal()]);
  const link = await insertLink(sql);
  await until(async () => (await statusOf(link)) === 302, { deadlineMs: 10_000 });
});

async function dependency(instance: Instance, name: string) {
  const report = (await send(instance.internalUrl, '/readyz')).json() as {
    status: string;
    dependencies: { name: string; state: string; breaker: string }[];
  };
  const found = report.dependencies.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no dependency ${name}`);
  return { ...found, status: report.status };
}

async function statusOf({ slug }: { slug: string }, instance = redirect): Promise<number> {
  return (await instance.get(`/${slug}`)).status;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now();
  const result = await work();
  return [result, performance.now() - startedAt];
}

test.each([
  ['is gone', () => cache.proxy.cut()],
  ['hangs', async () => cache.proxy.stall()],
])(
  'while the cache Redis %s, redirects go on from memory and from PostgreSQL',
  async (_how, fail) => {
    const known = await insertLink(sql);
    expect(await statusOf(known)).toBe(302);
    await fail();
    for (let at = 0; at < 6; at += 1) {
      expect(await statusOf(known)).toBe(302);
      const [status, ms] = await timed(async () => statusOf(await insertLink(sql)));
      expect(status).toBe(302);
      expect(ms).toBeLessThan(250 + 150);
    }
    // It is of use without it.
    expect((await dependency(redirect, 'redis-cache')).status).toBe('ready');
  },
);

test.each([
  ['is gone', () => database.proxy.cut()],
  ['hangs', async () => database.proxy.stall()],
])(
  'while PostgreSQL %s, known links go on past their TTL, and the others say when to try again',
  async (_how, fail) => {
    const instance = await stack.startHttp({ ...environment, ...brief });
    const [known, unknown] = [await insertLink(sql), await insertLink(sql)];
    const limited = await insertLink(sql, { max_clicks: 5 });
    expect(await statusOf(known, instance)).toBe(302);
    expect(await statusOf(limited, instance)).toBe(302);
    await fail();
    const failedAt = performance.now();
    await until(
      async () => {
        expect(await statusOf(known, instance)).toBe(302);
        return performance.now() - failedAt > 1_500;
      },
      { deadlineMs: 10_000 },
    );
    const refusals = () =>
      Promise.all([unknown, limited].map(({ slug }) => instance.get(`/${slug}`)));
    // The first ones find out; from then on nobody waits.
    let answers: Answer[] = [];
    await until(
      async () => {
        const [found, ms] = await timed(refusals);
        answers = found;
        return ms < 250;
      },
      { message: 'it is refused at once', deadlineMs: 15_000 },
    );
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(await statusOf(known, instance)).toBe(302);

    await database.proxy.heal();
    await until(
      async () => {
        const found = await Promise.all(
          [known, unknown, limited].map((link) => statusOf(link, instance)),
        );
        return found.every((status) => status === 302);
      },
      { message: 'all is well again', deadlineMs: 10_000 },
    );
    await instance.close();
  },
);

test('a link is served no longer than STALE_IF_ERROR_SECONDS past its TTL', async () => {
  const instance = await stack.startHttp({ ...environment, ...brief, STALE_IF_ERROR_SECONDS: '1' });
  const link = await insertLink(sql);
  expect(await statusOf(link, instance)).toBe(302);
  await Promise.all([database.proxy.cut(), cache.proxy.cut()]);
  await until(async () => (await statusOf(link, instance)) === 503, { message: 'it is refused' });
  await instance.close();
});

test('with every Redis gone at once public links are followed and counted', async () => {
  const all = await Promise.all(
    (['session', 'hub', 'cache', 'jobs'] as const).map((role) => proxyTo(stack.redis[role].url)),
  );
  const [session, hub, cacheAlone, jobs] = all.map(({ url }) => url);
  const instance = await stack.startHttp({
    REDIS_SESSION_URL: session ?? '',
    REDIS_HUB_URL: hub ?? '',
    REDIS_CACHE_URL: cacheAlone ?? '',
    REDIS_JOBS_URL: jobs ?? '',
  });
  const counting = await stack.startJobs();
  const known = await insertLink(sql);
  expect(await statusOf(known, instance)).toBe(302);
  await Promise.all(all.map(({ proxy }) => proxy.cut()));
  expect(await statusOf(known, instance)).toBe(302);
  expect(await statusOf(await insertLink(sql), instance)).toBe(302);
  await instance.close();
  await until(
    async () => {
      const { rows } = await sql.query('SELECT 1 FROM clicks WHERE link_id = $1', [known.id]);
      return rows.length === 2;
    },
    { message: 'both clicks are counted' },
  );
  await counting.close();
});

test('redirect starts while its dependencies are away, and takes up work as they come', async () => {
  await Promise.all([database.proxy.cut(), cache.proxy.cut()]);
  const link = await insertLink(sql);
  const starting = stack.startHttp(environment);
  await database.proxy.heal();
  await cache.proxy.heal();
  expect(await statusOf(link, await starting)).toBe(302);
});

test('a local Redis that hangs and goes on takes clicks again by itself', async () => {
  const counting = await stack.startJobs();
  const link = await insertLink(sql);
  await stack.redis.jobs.suspend();
  await until(async () => {
    await statusOf(link);
    return (await dependency(redirect, 'redis-jobs')).state === 'down';
  });
  await stack.redis.jobs.resume();
  await until(async () => (await dependency(redirect, 'redis-jobs')).state === 'up');
  const counted = await until(
    async () => {
      await statusOf(link);
      const { rows } = await sql.query('SELECT FROM clicks WHERE link_id = $1', [link.id]);
      return rows.length > 3 && rows.length;
    },
    { message: 'clicks are counted again' },
  );
  expect(counted).toBeGreaterThan(3);
  await counting.close();
});
