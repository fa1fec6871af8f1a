import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { deniedCommands } from '../src/denied-commands.ts';
import { follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { outboxDrained } from '../src/outbox-drained.ts';
import { signIn, signUp, withApiKey } from '../src/people.ts';
import { readClicks } from '../src/read-clicks.ts';
import { redisCommand } from '../src/redis-command.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({
  rateLimits: 'on',
});
const http = createHttpClient();
afterAll(() => http.close());

test('a walk through everything that the services do is denied nothing', async () => {
  const person = await signUp(http, stack);
  await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
  const admin = await signIn(http, stack, person);
  const cookie = admin.headers.cookie ?? '';
  const api = await withApiKey(http, stack, person);

  // Links: made, followed, counted, changed, deleted.
  const { slug } = answered(
    201,
    await api.call('POST', '/api/links', { url: 'http://walk.test/' }),
  ).json();
  const bulk = { links: [{ url: 'http://walk.test/1' }, { url: 'http://walk.test/2' }] };
  answered(200, await api.call('POST', '/api/links/bulk', bulk));
  answered(302, await follow(http, stack.shortOrigin, slug));
  await until(async () => (await readClicks(api)).get(slug) === 1, { deadlineMs: 15_000 });
  answered(200, await api.call('GET', `/api/links/${slug}/stats`));
  const board = () => admin.call('GET', '/api/leaderboard?window=day&limit=100');
  await until(async () => answered(200, await board()).json().items.length > 0);
  answered(200, await api.call('PATCH', `/api/links/${slug}`, { title: 'Walked' }));
  answered(204, await api.call('DELETE', `/api/links/${slug}`));
  await until(async () => (await follow(http, stack.shortOrigin, slug)).status === 410);
  expect(await outboxDrained(stack)).toBe(true);

  // Sessions: read at all three services, listed, ended one by one and all at once.
  const hidden = await admin.call('POST', '/api/links', {
    url: 'http://mine.test/',
    visibility: 'private',
  });
  const { slug: mine } = answered(201, hidden).json();
  answered(302, await follow(http, stack.shortOrigin, mine, { cookie, accept: 'text/html' }));
  answered(200, await http.send(`${stack.opsOrigin}/ops`, { headers: { cookie } }));
  const { items } = answered(200, await admin.call('GET', '/api/auth/sessions')).json();
  const other = items.find((session: { current: boolean }) => !session.current);
  answered(204, await admin.call('DELETE', `/api/auth/sessions/${other.id}`));
  answered(204, await admin.call('POST', '/api/auth/logout'));
  const again = await signIn(http, stack, person);
  answered(204, await again.call('DELETE', '/api/auth/sessions'));

  // Every process enters the registry anew and leaves it.
  const restarts = Object.values(stack.services)
    .flat()
    .map(async (process) => {
      await process.stop();
      await process.start();
    });
  await Promise.all(restarts);
  expect(await deniedCommands(stack.redis)).toEqual([]);
}, 60_000);

test('what was written by scripts is there after a server was killed: it reads its file as a user, too', async () => {
  const person = await signUp(http, stack);
  await stack.redis.session.kill();
  await stack.redis.session.restart();
  await until(async () => (await person.call('GET', '/api/auth/me')).status === 200, {
    message: 'The session is lost',
  });
  expect(await deniedCommands(stack.redis)).toEqual([]);
});

test('what a service is denied is seen', async () => {
  const url = new URL(stack.redis.cache.url);
  const asRedirect = Object.assign(url, { username: 'redirect', password: 'test-cache-redirect' });
  await expect(redisCommand(asRedirect.href, 'FLUSHALL')).rejects.toThrow('NOPERM');
  const [denied] = await deniedCommands(stack.redis);
  expect(denied).toMatch('redis-cache: redirect was denied the command flushall (toplevel)');
  await redisCommand(stack.redis.cache.url, 'ACL', 'LOG', 'RESET');
});
