import { LiveClicks, redisChannels, redisKeys } from '@shortstack/contracts';
import { createSubscriber, createWatchList } from '@shortstack/events';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { Value } from 'typebox/value';
import { afterAll, expect, test } from 'vitest';
import { insertLink } from './links.ts';
import { startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp();
await stack.startJobs();
const hub = connectRedis({ name: 'hub', url: stack.redis.hub.url });
const subscriber = createSubscriber({ url: stack.redis.hub.url, beatMs: 100 });
afterAll(() => Promise.all([subscriber.close(), hub.close()]));
const watchList = createWatchList({ redis: hub, key: redisKeys.watchedLinks });

/** A new link, and what is shown of its clicks. */
async function newLink() {
  const { id, slug } = await insertLink(stack.sql);
  const shown: LiveClicks[] = [];
  const live = Promise.withResolvers<void>();
  subscriber.subscribe({
    channel: redisChannels.liveClicks(id),
    parse: (data) => (Value.Check(LiveClicks, data) ? data : undefined),
    onMessage: (message) => void shown.push(message),
    onLive: live.resolve,
  });
  await live.promise;
  const follow = (headers = {}) => redirect.get(`/${slug}`, headers);
  const count = () => shown.reduce((sum, { clicks, more }) => sum + clicks.length + more, 0);
  return { id, shown, follow, count };
}

test('a click of a watched link is shown within a second, without a trace of the visitor', async () => {
  const { id, shown, follow } = await newLink();
  await watchList.add([String(id)]);
  const before = Date.now();
  await follow({
    'user-agent':
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'x-country': 'PT',
    referer: 'https://www.news.example/story?id=1',
  });
  await until(() => shown.length > 0, { deadlineMs: 1_000 });
  const [click] = shown[0]?.clicks ?? [];
  expect(click).toEqual({
    time: expect.any(String),
    ...{ isBot: false, referrer: 'news.example', country: 'PT', browser: 'Chrome', os: 'Linux' },
    device: 'desktop',
  });
  expect(Date.parse(click?.time ?? '')).toBeGreaterThanOrEqual(before - 1);
});

test('of many clicks in one moment some are shown and the others are a number', async () => {
  const { id, shown, follow, count } = await newLink();
  await watchList.add([String(id)]);
  await Promise.all(Array.from({ length: 300 }, () => follow()));
  await until(() => count() === 300);
  expect(shown.length).toBeLessThan(20);
  expect(Math.max(...shown.map(({ clicks }) => clicks.length))).toBeLessThanOrEqual(50);
});

test('clicks of links that nobody watches are sent nowhere', async () => {
  const watched = await newLink();
  const other = await newLink();
  await watchList.add([String(watched.id)]);
  await other.follow();
  await watched.follow();
  await until(() => watched.shown.length > 0);
  expect(other.shown).toEqual([]);
});
