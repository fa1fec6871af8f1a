import { startTestRedis } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';

test('each test Redis is a server of its own, empty and without persistence', async () => {
  const [one, other] = await Promise.all([startTestRedis(), startTestRedis()]);
  const clients = [new Redis(one.url), new Redis(other.url)] as const;
  onTestFinished(() => {
    for (const client of clients) client.disconnect();
  });

  await clients[0].set('a', '1');
  expect(await clients[1].dbsize()).toBe(0);
  expect(await clients[0].config('GET', 'save')).toEqual(['save', '']);
});
