import { expect, test } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { openAll, signInByLink, signUpOwner } from '../src/sign-in-journey.ts';
import { startStack } from '../src/start-stack.ts';

const domain = { COOKIE_DOMAIN: 'example.test' };
const stack = await startStack({
  instances: { 'create-jobs': 0, 'redirect-jobs': 0, 'worker-jobs': 0 },
  hosts: { create: 'app.example.test', redirect: 'go.example.test', worker: 'ops.example.test' },
  env: { create: domain, redirect: domain, worker: domain },
});
const http = createHttpClient({ address: '127.0.0.1' });

test('one cookie of the parent domain opens all three, and after signing out everywhere none', async () => {
  const owner = await signUpOwner(http, stack);
  const { browser, visit } = await signInByLink(http, stack, owner);
  expect([visit.url, visit.headers.location]).toEqual([
    `${stack.shortOrigin}/${owner.slug}`,
    owner.target,
  ]);
  const { browser: other } = await signInByLink(http, stack, owner);
  for (const each of [browser, other]) {
    expect(await openAll(each, stack, owner.slug)).toEqual([200, owner.target, 200]);
  }
  const signedOut = await browser.open(`${stack.appOrigin}/api/auth/sessions`, {
    method: 'DELETE',
    headers: { origin: stack.appOrigin },
  });
  expect(signedOut.status).toBe(204);
  for (const each of [browser, other]) {
    expect(await openAll(each, stack, owner.slug)).toEqual([
      401,
      'the sign-in form',
      'the sign-in form',
    ]);
  }
});
