import { afterAll, expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { signUp, withApiKey } from '../src/people.ts';
import { startStack } from '../src/start-stack.ts';
import { STALE_MS, watchChanges } from '../src/watch-changes.ts';

const stack = await startStack({
  instances: { redirect: 2, 'redirect-jobs': 0, worker: 0, 'worker-jobs': 0 },
});
const http = createHttpClient({ connections: 8 });
const api = await withApiKey(http, stack, await signUp(http, stack));
const watch = watchChanges(
  http,
  api,
  stack.services.redirect.map(({ origin }) => origin),
);
afterAll(async () => {
  await watch.close();
  http.close();
});

test('with the relay dead, an edited or deleted link is followed nowhere as it was, at most 5 s later', async () => {
  await stack.services['create-jobs'][0]?.kill();
  expect(await watch.changeAll('without the relay')).toBeLessThan(STALE_MS);
}, 30_000);

test('the same with the hub dead', async () => {
  await stack.redis.hub.destroy();
  expect(await watch.changeAll('without the hub')).toBeLessThan(STALE_MS);
}, 30_000);
