import { type LiveClicks, redisChannels, redisKeys } from '@shortstack/contracts';
import { closeServer } from '@shortstack/server';
import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { afterAll, expect, test } from 'vitest';
import { type Client, signUp, withApiKey } from './client.ts';
import { openLive } from './open-live.ts';
import { type RunningCreate, startCreate } from './start-create.ts';

const create = await startCreate();
const hub = new Redis(create.redis.hub);
afterAll(() => hub.disconnect());
const person = await signUp(create);

const clicks = (count: number, more = 0): LiveClicks => ({
  clicks: Array.from({ length: count }, () => ({
    ...{ time: '2026-11-25T12:00:00.000Z', isBot: false, referrer: 'news.example', country: 'PT' },
    ...{ browser: 'Chrome', os: 'Linux', device: 'desktop' },
  })),
  more,
});

async function newLink(owner: Client, running = create): Promise<{ id: number; slug: string }> {
  const { slug } = (await owner.post('/api/links', { url: 'https://example.com/' })).json();
  const { rows } = await running.sql.query('SELECT id FROM links WHERE slug = $1', [slug]);
  return { id: Number(rows[0].id), slug };
}
const open = ({ headers }: Client, slug: string, running: RunningCreate = create) =>
  openLive(`${running.url}/api/links/${slug}/live`, headers);
const publish = (id: number, message: unknown) =>
  hub.publish(redisChannels.liveClicks(id), JSON.stringify(message));
/** Opened streams end once the client is gone. */
const nobodyListens = (id: number) =>
  until(async () => (await hub.pubsub('NUMSUB', redisChannels.liveClicks(id)))[1] === 0);

test('the owner is shown the clicks of the link, as events that no proxy keeps back', async () => {
  const { id, slug } = await newLink(person);
  const live = await open(person, slug);
  expect(live.status).toBe(200);
  expect(live.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  expect(await hub.zscore(redisKeys.watchedLinks, String(id))).not.toBeNull();
  await publish(id, clicks(2, 5));
  await until(() => live.events.length === 1);
  expect(live.events).toEqual([`clicks ${JSON.stringify(clicks(2, 5))}`]);
  live.close();
  await nobodyListens(id);
});

test('nobody else is, and an API key needs its scope', async () => {
  const { slug } = await newLink(person);
  const stranger = await signUp(create);
  const reader = await withApiKey(create, person, ['links:read']);
  const analyst = await withApiKey(create, person, ['stats:read']);
  const anyone = { ...stranger, headers: {} };
  const asked = [stranger, anyone, reader, analyst].map((who) => open(who, slug));
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([404, 401, 403, 200]);
});

test('signing out ends it within seconds, and so does deleting the key', async () => {
  const other = await signUp(create);
  const { slug } = await newLink(other);
  const key = await withApiKey(create, other, ['stats:read']);
  const byKey = await open(key, slug);
  const bySession = await open(other, slug);
  await other.delete(`/api/keys/${key.id}`);
  await until(() => !byKey.isOpen);
  expect(bySession.isOpen).toBe(true);
  await other.delete('/api/auth/sessions');
  await until(() => !bySession.isOpen);
});

test('a reader that is too slow is told how many clicks it missed', async () => {
  const { id, slug } = await newLink(person);
  const [live, quick] = await Promise.all([open(person, slug), open(person, slug)]);
  live.pause();
  const burst = hub.pipeline();
  const message = JSON.stringify(clicks(50));
  for (let sent = 0; sent < 1_500; sent += 1) burst.publish(redisChannels.liveClicks(id), message);
  await burst.exec();
  /** Once a stream has this, everything before it was shown or said to be missed. */
  const isUpToDate = async (stream: typeof live) => {
    await publish(id, clicks(1, 7));
    return stream.sent().slice(-1_000).includes('"more":7');
  };
  await until(() => isUpToDate(quick));
  live.resume();
  await until(() => isUpToDate(live));
  const { events } = live;
  const shown = events.filter((event) => event.startsWith('clicks') && event.endsWith('"more":0}'));
  const missed = events
    .filter((event) => event.startsWith('missed'))
    .reduce((sum, event) => sum + Number(/\d+/.exec(event)?.[0]), 0);
  expect(missed).toBeGreaterThan(0);
  expect(shown.length * 50 + missed).toBeGreaterThanOrEqual(1_500 * 50);
});

test('streams per account are bounded', async () => {
  const busy = await signUp(create);
  const { slug } = await newLink(busy);
  const streams = await Promise.all(Array.from({ length: 21 }, () => open(busy, slug)));
  const refused = streams.filter(({ status }) => status !== 200);
  expect(refused.map(({ status, headers }) => [status, headers['retry-after']])).toEqual([
    [429, '10'],
  ]);
  expect(refused[0]?.sent()).toContain('TOO_MANY_STREAMS');
  streams.find(({ status }) => status === 200)?.close();
  await until(async () => (await open(busy, slug)).status === 200);
});

test('an interruption of the hub is told; without the hub there is 503', async () => {
  const server = await startTestRedis();
  const proxy = await createFaultProxy({ targetPort: server.port });
  const second = await startCreate({ REDIS_HUB_URL: `redis://127.0.0.1:${proxy.port}` });
  const someone = await signUp(second);
  const { slug } = await newLink(someone, second);
  const live = await open(someone, slug, second);
  expect(live.status).toBe(200);
  await proxy.cut();
  const refused = await open(someone, slug, second);
  expect([refused.status, refused.sent()]).toEqual([
    503,
    expect.stringContaining('LIVE_CLICKS_UNAVAILABLE'),
  ]);
  await proxy.heal();
  await until(() => live.events.length > 0);
  expect(live.events).toEqual(['missed {"clicks":null}']);
  await second.close();
});

test('a server that closes ends its streams at once', async () => {
  const third = await startCreate();
  const someone = await signUp(third);
  const { slug } = await newLink(someone, third);
  const live = await open(someone, slug, third);
  const began = performance.now();
  await closeServer(third.app);
  await until(() => !live.isOpen);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(live.sent()).toMatch(/^retry: \d{4}\n\n/);
  await third.close();
});
