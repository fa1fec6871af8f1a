import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { caller, signIn, signUp } from '../src/people.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({
  instances: {
    ...{ create: 2, redirect: 2, 'create-jobs': 0 },
    ...{ 'redirect-jobs': 0, worker: 0, 'worker-jobs': 0 },
  },
  rateLimits: 'on',
});
const http = createHttpClient({ connections: 4 });
const boss = await signUp(http, stack);
await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [boss.id]);
const admin = await signIn(http, stack, boss);
const { create: creates, redirect: redirects } = stack.services;

async function change(settings: object) {
  const answer = await admin.call('PATCH', '/api/settings', settings);
  expect(answer.status).toBe(200);
}
/** How each instance of create answers a new link: 201, 503 in maintenance. */
const create = () =>
  Promise.all(
    creates.map(async ({ origin }) => {
      const api = caller(http, { appOrigin: origin }, admin.headers);
      return (await api.call('POST', '/api/links', { url: 'http://x.test/' })).status;
    }),
  );
/** How each instance of redirect answers unknown slugs: 404, 429 beyond the limit. */
const ask = () =>
  Promise.all(
    redirects.map(async ({ origin }) => (await http.send(`${origin}/no-such-slug`)).status),
  );
const within = (deadlineMs: number, answers: () => Promise<number[]>, status: number) =>
  until(async () => (await answers()).every((each) => each === status), { deadlineMs });

test('a change holds in every instance of every service within a second', async () => {
  await change({ maintenance: true, unknownSlugsPerMinute: 1 });
  await Promise.all([within(1_000, create, 503), within(1_000, ask, 429)]);
  await change({ maintenance: false, unknownSlugsPerMinute: 1_000 });
  await Promise.all([within(1_000, create, 201), within(1_000, ask, 404)]);
  expect(await create()).toEqual([201, 201]);
});

test('it survives a restart', async () => {
  await change({ maintenance: true });
  await Promise.all(creates.map((each) => each.kill().then(() => each.start())));
  expect(await create()).toEqual([503, 503]);
});

test('without the hub it holds within 5 s, and what was known holds on', async () => {
  await stack.redis.hub.destroy();
  expect(await create()).toEqual([503, 503]);
  await change({ maintenance: false, unknownSlugsPerMinute: 1 });
  await Promise.all([within(6_000, create, 201), within(6_000, ask, 429)]);
});
