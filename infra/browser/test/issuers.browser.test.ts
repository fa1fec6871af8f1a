import { closeAfterFile } from '@shortstack/testing';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { startOidcProvider } from '../../../apps/create/test/start-oidc-provider.ts';
import { openPeople } from '../src/open-people.ts';
import { startOwnStack } from '../src/start-own-stack.ts';

/** A real issuer, on another site than the stack. */
const { promise: issuerStarts, resolve: setIssuer } =
  Promise.withResolvers<Awaited<ReturnType<typeof startOidcProvider>>>();
const stack = await startOwnStack(async (appOrigin) => {
  const started = await startOidcProvider(`${appOrigin}/api/auth/oidc/nimbus/callback`);
  closeAfterFile(() => started.close());
  setIssuer(started);
  const { issuer, clientId, clientSecret } = started;
  const provider = { id: 'nimbus', name: 'Nimbus', issuer, clientId, clientSecret };
  return { OIDC_PROVIDERS: JSON.stringify([provider]) };
});
closeAfterFile(() => stack.close());
const issuer = await issuerStarts;
const people = await openPeople(stack);
closeAfterFile(() => people.close());
const { appOrigin } = stack;

const ada = { sub: 'ada', email: 'ada@nimbus.test', email_verified: true, name: 'Ada' };

async function continueWithIssuer(page: Page) {
  await page.getByRole('link', { name: 'Continue with Nimbus' }).click();
}

/** Opens the account page; its card of how one signs in. */
async function openAccount(page: Page) {
  await page.goto(`${appOrigin}/account`);
  const card = page.getByRole('region', { name: 'How you sign in' });
  await card.getByRole('button', { name: 'Link Nimbus', exact: true }).waitFor();
  return card;
}

test('who is new signs in with an issuer, and is led on to where they wanted to go', async () => {
  issuer.person = ada;
  const page = await (await people.browser()).newPage();
  await page.goto(`${appOrigin}/links`);
  await continueWithIssuer(page);
  await page.waitForURL(`${appOrigin}/links`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const card = await openAccount(page);
  await card.getByText('ada@nimbus.test').waitFor();
  const me = await page.request.get(`${appOrigin}/api/auth/me`);
  expect((await me.json()).user).toMatchObject({ email: 'ada@nimbus.test', name: 'Ada' });
});

test('an account links an issuer, signs in with it, and unlinks it', async () => {
  const login = await people.register();
  const page = await people.signIn(await people.browser(), login);
  issuer.person = { ...ada, sub: 'linked', email: 'linked@nimbus.test' };
  await (await openAccount(page)).getByRole('button', { name: 'Link Nimbus', exact: true }).click();
  const unlink = page.getByRole('button', { name: 'Unlink Nimbus, linked@nimbus.test' });
  await unlink.waitFor();
  expect(page.url()).toBe(`${appOrigin}/account`);

  const elsewhere = await (await people.browser()).newPage();
  await elsewhere.goto(`${appOrigin}/sign-in`);
  await continueWithIssuer(elsewhere);
  await elsewhere.waitForURL(`${appOrigin}/`);
  const me = await elsewhere.request.get(`${appOrigin}/api/auth/me`);
  expect((await me.json()).user.email).toBe(login.email);

  await unlink.click();
  await page.getByText('With your e-mail address and password.').waitFor();
});

test('who declines at the issuer is told so, and can try again', async () => {
  issuer.person = null;
  const page = await (await people.browser()).newPage();
  await page.goto(`${appOrigin}/sign-in?returnTo=${encodeURIComponent(`${appOrigin}/links`)}`);
  await continueWithIssuer(page);
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('E-mail').isVisible()).toBe(true);

  issuer.person = { ...ada, sub: 'undecided', email: 'undecided@nimbus.test' };
  await continueWithIssuer(page);
  await page.waitForURL(`${appOrigin}/links`);
});
