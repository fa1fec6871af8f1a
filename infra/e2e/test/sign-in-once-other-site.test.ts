import { expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { openAll, signInByLink, signUpOwner } from '../src/sign-in-journey.ts';
import { startStack } from '../src/start-stack.ts';

const stack = await startStack({
  instances: { 'create-jobs': 0, 'redirect-jobs': 0, 'worker-jobs': 0 },
  hosts: { create: 'app.example.test', redirect: 'sho.rt', worker: 'operations.test' },
});
const http = createHttpClient({ address: '127.0.0.1' });
const owner = await signUpOwner(http, stack);
const everywhere = [200, owner.target, 200];
const nowhere = [401, 'the sign-in form', 'the sign-in form'];

test('who signs in for a private link on another site is signed in on all three, and signed out on all three', async () => {
  const { browser, visit } = await signInByLink(http, stack, owner);
  expect([visit.status, visit.headers.location]).toEqual([302, owner.target]);
  // The link itself was opened, without the code in its address.
  expect(visit.url).toBe(`${stack.shortOrigin}/${owner.slug}`);
  const { browser: other } = await signInByLink(http, stack, owner);
  for (const each of [browser, other]) {
    expect(await openAll(each, stack, owner.slug)).toEqual(everywhere);
  }
  const { items } = (await browser.open(`${stack.appOrigin}/api/auth/sessions`)).json();
  expect(items).toHaveLength(4);

  const signedOut = await browser.open(`${stack.appOrigin}/api/auth/sessions`, {
    method: 'DELETE',
    headers: { origin: stack.appOrigin },
  });
  expect(signedOut.status).toBe(204);
  for (const each of [browser, other]) {
    expect(await openAll(each, stack, owner.slug)).toEqual(nowhere);
  }
});

test('while the session Redis hangs all three answer 503, and afterwards the same cookies open them', async () => {
  const { browser } = await signInByLink(http, stack, owner);
  expect(await openAll(browser, stack, owner.slug)).toEqual(everywhere);
  await stack.redis.session.suspend();
  try {
    expect(await openAll(browser, stack, owner.slug)).toEqual([503, 503, 503]);
  } finally {
    await stack.redis.session.resume();
  }
  await expect
    .poll(() => openAll(browser, stack, owner.slug), { timeout: 5_000 })
    .toEqual(everywhere);
});
