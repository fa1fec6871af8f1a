import { readdir } from 'node:fs/promises';
import { redisKeys } from '@shortstack/contracts';
import { createProducer } from '@shortstack/queue';
import { connectRedis } from '@shortstack/redis';
import { createFaultProxy, resume, suspend, until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { appendClick } from '../src/clicks/click-batch.ts';
import { workQueue } from '../src/jobs/work-queue.ts';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const database = await createFaultProxy({
  targetPort: Number(new URL(stack.database.ownerUrl).port),
});
const redirect = await stack.startHttp();
await stack.startJobs({
  DATABASE_URL: Object.assign(new URL(stack.database.urlFor('redirectJobs')), {
    port: String(database.port),
  }).href,
});
const { sql } = stack;
const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const person = { 'user-agent': chrome };
const jobsRedis = connectRedis({ name: 'jobs', url: stack.redis.jobs.url });
await jobsRedis.ready();

function appendBatch(bootId: string, sequence: string, payload: string) {
  const fields = ['b', bootId, 's', sequence, 'p', payload];
  return jobsRedis.client.xadd(redisKeys.clicks, '*', ...fields);
}

interface Totals {
  clicks: number;
  bots: number;
}

async function totalsOf(id: number): Promise<Totals> {
  const { rows } = await sql.query<Totals>(
    'SELECT clicks::int, bots::int FROM link_totals WHERE link_id = $1',
    [id],
  );
  return rows[0] ?? { clicks: 0, bots: 0 };
}

/** The totals of a link once so many clicks are in them and nothing waits any more. Raw clicks must say the same. */
async function counted(id: number, sum: number): Promise<Totals> {
  const options = { deadlineMs: 15_000, message: 'the clicks are not counted' };
  await until(async () => {
    const { clicks, bots } = await totalsOf(id);
    return clicks + bots >= sum;
  }, options);
  await until(
    async () =>
      (await jobsRedis.client.xlen(redisKeys.clicks)) === 0 &&
      (await readdir(stack.spoolDirectory)).length === 0,
    { ...options, message: 'stream and spool are not empty' },
  );
  const totals = await totalsOf(id);
  const { rows } = await sql.query(
    'SELECT count(*)::int AS n, count(DISTINCT request_id)::int AS ids FROM clicks WHERE link_id = $1',
    [id],
  );
  const all = totals.clicks + totals.bots;
  expect(rows).toEqual([{ n: all, ids: all }]);
  return totals;
}

async function follow(slug: string, times: number, headers: Record<string, string> = person) {
  const answers = await Promise.all(
    Array.from({ length: times }, () => redirect.get(`/${slug}`, headers)),
  );
  expect(answers.every(({ status }) => status === 302)).toBe(true);
}

test('clicks are counted, each once', async () => {
  const { id, slug } = await insertLink(sql);
  await follow(slug, 50);
  expect(await counted(id, 50)).toEqual({ clicks: 50, bots: 0 });
});

test('bots and prefetches count apart, HEAD and the preview not at all', async () => {
  const { id, slug } = await insertLink(sql);
  await redirect.send(`/${slug}`, { method: 'HEAD', headers: person });
  await redirect.get(`/${slug}+`, person);
  await follow(slug, 1, { 'user-agent': 'curl/8.5.0' });
  await follow(slug, 1, { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' });
  await follow(slug, 1, {});
  await follow(slug, 1, { ...person, 'sec-purpose': 'prefetch;prerender' });
  await follow(slug, 1, { ...person, purpose: 'prefetch' });
  await follow(slug, 1, { ...person, 'x-moz': 'prefetch' });
  await follow(slug, 2);
  expect(await counted(id, 8)).toEqual({ clicks: 2, bots: 6 });
});

test('a raw click keeps the request id that the client gave, country and referrer, and no address', async () => {
  const { id, slug } = await insertLink(sql);
  const answer = await redirect.get(`/${slug}`, {
    ...person,
    'x-request-id': 'given-by.the_client',
    'x-country': 'PT',
    referer: 'https://www.news.example/story?id=1',
  });
  expect(answer.headers['x-request-id']).toBe('given-by.the_client');
  expect(await counted(id, 1)).toEqual({ clicks: 1, bots: 0 });
  const { rows } = await sql.query('SELECT * FROM clicks WHERE link_id = $1', [id]);
  expect(rows[0]).toMatchObject({
    request_id: 'given-by.the_client',
    country: 'PT',
    referrer: 'news.example',
    browser: 'Chrome',
    is_bot: false,
  });
  expect(JSON.stringify(rows[0])).not.toContain('127.0.0.1');
});

test('header values of any kind are counted', async () => {
  const { id, slug } = await insertLink(sql);
  await follow(slug, 1, { ...person, referer: `https://x.example/${'y'.repeat(9_000)}` });
  await follow(slug, 1, { 'user-agent': `${chrome}${'\u00e9\\\t"'.repeat(200)}` });
  await follow(slug, 1, { ...person, referer: 'not a URL \\N', 'x-country': 'not one' });
  expect(await counted(id, 3)).toEqual({ clicks: 3, bots: 0 });
});

test('while the local Redis hangs, redirects are answered within 250 ms, and their clicks counted once', async () => {
  const { id, slug } = await insertLink(sql);
  await follow(slug, 3);
  suspend(stack.redis.jobs.pid);
  onTestFinished(() => resume(stack.redis.jobs.pid));
  for (let at = 0; at < 20; at += 1) {
    const startedAt = performance.now();
    await follow(slug, 1);
    expect(performance.now() - startedAt).toBeLessThan(250);
  }
  await until(async () => (await totalsOf(id)).clicks > 10, { message: 'the spool is counted' });
  resume(stack.redis.jobs.pid);
  expect(await counted(id, 23)).toEqual({ clicks: 23, bots: 0 });
});

test('past the limit of the stream clicks go to the spool', async () => {
  const { id, slug } = await insertLink(sql);
  const small = await stack.startHttp({ CLICK_STREAM_MAX_BYTES: '1048576' });
  await database.cut();
  onTestFinished(() => database.heal());
  const padding = appendClick('', {
    clickedAt: Date.now(),
    linkId: 0,
    requestId: 'x'.repeat(1_200_000),
    address: '',
    isPrefetch: false,
    userAgent: '',
    referrer: '',
    country: '',
  });
  await appendBatch(crypto.randomUUID(), '1', padding);
  await until(async () => {
    expect((await small.get(`/${slug}`, person)).status).toBe(302);
    return (await readdir(stack.spoolDirectory)).length > 0;
  });
  const clicks = await small.metric('shortstack_redirect_clicks_total');
  await database.heal();
  expect(await counted(id, clicks)).toEqual({ clicks, bots: 0 });
  expect(await small.metric('shortstack_redirect_clicks_dropped_total')).toBe(0);
  await small.close();
});

test('when the spool is full, too, redirects go on and each lost click is told', async () => {
  const { id, slug } = await insertLink(sql);
  const proxy = await createFaultProxy({ targetPort: stack.redis.jobs.port });
  const full = await stack.startHttp({
    REDIS_JOBS_URL: `redis://127.0.0.1:${proxy.port}`,
    SPOOL_MAX_BYTES: '1048576',
  });
  await database.cut();
  onTestFinished(() => database.heal());
  await proxy.cut();
  const headers = {
    'user-agent': chrome.padEnd(512, ' x'),
    referer: `https://x.example/${'y'.repeat(1_000)}`,
  };
  const dropped = () => full.metric('shortstack_redirect_clicks_dropped_total');
  await until(
    async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => full.get(`/${slug}`, headers)),
      );
      expect(answers.every(({ status }) => status === 302)).toBe(true);
      return (await dropped()) > 0;
    },
    { deadlineMs: 10_000, message: 'the spool is full' },
  );
  const clicks = (await full.metric('shortstack_redirect_clicks_total')) - (await dropped());
  await database.heal();
  expect(await counted(id, clicks)).toEqual({ clicks, bots: 0 });
  await full.close();
});

test('while PostgreSQL is away clicks wait, and are all counted when it is back', async () => {
  const { id, slug } = await insertLink(sql);
  await follow(slug, 1);
  await database.cut();
  onTestFinished(() => database.heal());
  await follow(slug, 30);
  expect(await jobsRedis.client.xlen(redisKeys.clicks)).toBeGreaterThan(0);
  expect((await totalsOf(id)).clicks).toBeLessThan(31);
  await database.heal();
  expect(await counted(id, 31)).toEqual({ clicks: 31, bots: 0 });
});

test('a batch that can not be counted is put aside, ends among the dead letters, and stops nothing', async () => {
  const { id, slug } = await insertLink(sql);
  const junk: [string, string, string][] = [
    ['no boot id: at all', '1', 'x'],
    ['', 'NaN', ''],
    [crypto.randomUUID(), '1', 'cut short'],
  ];
  for (const fields of junk) await appendBatch(...fields);
  await jobsRedis.client.xadd(redisKeys.clicks, '*', 'something', 'else');
  await follow(slug, 20);
  expect(await counted(id, 20)).toEqual({ clicks: 20, bots: 0 });

  const queue = createProducer({
    url: stack.redis.jobs.url,
    service: 'redirect',
    queue: workQueue,
  });
  onTestFinished(() => queue.close());
  await queue.ready();
  const letters = await until(
    async () => {
      const found = await queue.deadLetters();
      return found.length >= 4 ? found : null;
    },
    { deadlineMs: 10_000, message: 'four dead letters' },
  );
  expect(letters?.map(({ reason }) => reason).toSorted()).toEqual([
    'a click batch is cut short',
    'not a boot id',
    'not a boot id',
    'not a boot id',
  ]);
});

test('a local Redis that is killed and comes back loses no click', async () => {
  const { id, slug } = await insertLink(sql);
  const before = await redirect.metric('shortstack_redirect_clicks_total');
  await database.cut();
  onTestFinished(() => database.heal());
  await follow(slug, 5);
  await stack.redis.jobs.kill();
  await follow(slug, 40);
  await stack.redis.jobs.restart();
  await until(async () => {
    await follow(slug, 1);
    return (await jobsRedis.client.xlen(redisKeys.clicks)) > 1;
  });
  const clicks = await redirect.metric('shortstack_redirect_clicks_total');
  await database.heal();
  expect(await counted(id, clicks - before)).toEqual({ clicks: clicks - before, bots: 0 });
});
