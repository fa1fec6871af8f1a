import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { follow } from '../src/follow.ts';
import { createHttpClient } from '../src/http-client.ts';
import { openStack } from '../src/open-stack.ts';
import { type Person, signUp } from '../src/people.ts';
import { watchLive } from '../src/watch-live.ts';

const { stack } = await openStack({
  instances: { 'create-jobs': 0, worker: 0, 'worker-jobs': 0 },
});
const http = createHttpClient();

async function lookOn(person: Person) {
  const made = await person.call('POST', '/api/links', { url: 'http://watched.test/' });
  const { slug } = made.json() as { slug: string };
  const live = await watchLive(`${stack.appOrigin}/api/links/${slug}/live`, person.headers);
  onTestFinished(() => live.close());
  return { slug, live };
}

test('a click at redirect appears on its owner’s live stream within a second', async () => {
  const { slug, live } = await lookOn(await signUp(http, stack));
  expect((await follow(http, stack.shortOrigin, slug)).status).toBe(302);
  await until(() => live.clicks().length === 1, { deadlineMs: 1_000 });
  expect(live.clicks()[0]).toMatchObject({ isBot: false, browser: 'Chrome' });
});

test('signing out ends the stream within seconds', async () => {
  const person = await signUp(http, stack);
  const { live } = await lookOn(person);
  const began = performance.now();
  await person.call('POST', '/api/auth/logout');
  await live.ended;
  expect(performance.now() - began).toBeLessThan(5_000);
});
