import { readdir } from 'node:fs/promises';
import { redisKeys } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { createFaultProxy, until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { appendClick } from '../src/clicks/click-batch.ts';
import { countedClicks, totalsOf } from './counted-clicks.ts';
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
afterAll(() => jobsRedis.close());
const counted = (id: number, sum: number) => countedClicks(stack, jobsRedis, id, sum);

function appendBatch(bootId: string, sequence: string, payload: string) {
  const fields = ['b', bootId, 's', sequence, 'p', payload];
  return jobsRedis.client.xadd(redisKeys.clicks, '*', ...fields);
}

async function follow(slug: string, times: number) {
  const answers = await Promise.all(
    Array.from({ length: times }, () => redirect.get(`/${slug}`, person)),
  );
  expect(answers.every(({ status }) => status === 302)).toBe(true);
}

test('while the local Redis hangs, redirects are answered within 250 ms, and their clicks counted once', async () => {
  const { id, slug } = await insertLink(sql);
  await follow(slug, 3);
  await stack.redis.jobs.suspend();
  onTestFinished(() => stack.redis.jobs.resume());
  for (let at = 0; at < 20; at += 1) {
    const startedAt = performance.now();
    await follow(slug, 1);
    expect(performance.now() - startedAt).toBeLessThan(250);
  }
  await until(async () => (await totalsOf(stack, id)).clicks > 10, {
    message: 'the spool is counted',
  });
  await stack.redis.jobs.resume();
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
  expect((await totalsOf(stack, id)).clicks).toBeLessThan(31);
  await database.heal();
  expect(await counted(id, 31)).toEqual({ clicks: 31, bots: 0 });
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
