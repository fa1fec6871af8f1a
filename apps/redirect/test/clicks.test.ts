import { redisKeys } from '@shortstack/contracts';
import { createProducer } from '@shortstack/queue';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { workQueue } from '../src/jobs/work-queue.ts';
import { countedClicks } from './counted-clicks.ts';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp();
await stack.startJobs();
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
