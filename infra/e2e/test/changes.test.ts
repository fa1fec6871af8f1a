import { afterAll, expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { openStack } from '../src/open-stack.ts';
import { signUp, withApiKey } from '../src/people.ts';
import { STALE_MS, watchChanges } from '../src/watch-changes.ts';

const { stack, local } = await openStack({
  instances: { redirect: 2, 'redirect-jobs': 0, worker: 0, 'worker-jobs': 0 },
});
const http = createHttpClient({ connections: 8 });
const api = await withApiKey(http, stack, await signUp(http, stack));
/** Two instances of redirect, or whatever stands before them. */
const origins = local?.services.redirect.map(({ origin }) => origin) ?? [stack.shortOrigin];
const watch = watchChanges(http, api, origins);
afterAll(async () => {
  await watch.close();
  http.close();
});

test('an edited or deleted link is followed nowhere as it was, at most 5 s later', async () => {
  expect(await watch.changeAll('with the relay')).toBeLessThan(STALE_MS);
}, 30_000);
