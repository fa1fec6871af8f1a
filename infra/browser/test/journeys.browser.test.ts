import { until } from '@shortstack/testing';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openJourney } from '../src/open-journey.ts';

const { stack, people } = await openJourney();
const { appOrigin, opsOrigin } = stack;

/** A page of ours, so that no test leaves this machine. */
const target = `${appOrigin}/docs/`;

/** Shortens `url` in the one field of the home page and returns the short URL that the page opens. */
async function shorten(page: Page, url: string): Promise<string> {
  await page.goto(`${appOrigin}/`);
  const field = page.getByLabel('Paste a long URL');
  await field.waitFor();
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.type(url);
  await page.keyboard.press('Enter');
  const made = page.getByRole('region', { name: 'The new link' });
  return (await made.getByRole('link', { name: 'Open' }).getAttribute('href')) ?? '';
}

test('first link: register, paste, Enter, and it is copied and leads there', async () => {
  const context = await people.browser({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(appOrigin);
  await page.waitForURL(/\/sign-in/);
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('E-mail').fill(`first-${Date.now()}@example.com`);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${appOrigin}/`);

  const shortUrl = await shorten(page, target);
  await until(async () => (await page.evaluate(() => navigator.clipboard.readText())) === shortUrl);
  const follower = await context.newPage();
  const answer = await follower.goto(shortUrl);
  expect(answer?.ok()).toBe(true);
  expect(follower.url()).toBe(target);
});

test('sign in once, and all three services know who it is', async () => {
  const admin = await people.register({ isAdmin: true });
  const context = await people.browser();
  const page = await people.signIn(context, admin);
  const cookie = (await context.cookies(appOrigin)).find(({ httpOnly }) => httpOnly);
  expect(cookie?.sameSite).toBe('Lax');
  const made = await context.request.post(`${appOrigin}/api/links`, {
    data: { url: target, visibility: 'private' },
    headers: { origin: appOrigin },
  });
  const { shortUrl } = (await made.json()) as { shortUrl: string };

  await page.goto(shortUrl);
  expect(page.url()).toBe(target);
  await page.goto(`${opsOrigin}/ops`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(page.url()).toBe(`${opsOrigin}/ops`);
  await page.goto(appOrigin);
  await page.getByLabel('Paste a long URL').waitFor();

  const stranger = await (await people.browser()).newPage();
  await stranger.goto(shortUrl);
  expect(stranger.url()).toContain(`${appOrigin}/sign-in`);
});

test('a click appears on the open page of its link as it is counted', async () => {
  const context = await people.browser();
  const page = await people.signIn(context, await people.register());
  const shortUrl = await shorten(page, target);
  const slug = new URL(shortUrl).pathname.slice(1);
  await page.goto(`${appOrigin}/links/${slug}`);
  const live = page.getByRole('region', { name: 'Live' });
  await live.getByText('Connected').waitFor();

  const follower = await (await people.browser()).newPage();
  await follower.goto(shortUrl);
  const click = live.getByRole('listitem').first();
  await click.waitFor();
  expect(await click.innerText()).toContain('Chrome');
});

test('signing out everywhere leads every open tab to the sign-in page within a second', async () => {
  const login = await people.register({ isAdmin: true });
  const [here, there] = [await people.browser(), await people.browser()];
  const page = await people.signIn(here, login);
  const [secondTab, elsewhere] = [await here.newPage(), await people.signIn(there, login)];
  await secondTab.goto(`${appOrigin}/links`);
  await secondTab.getByRole('heading', { level: 1 }).waitFor();
  const operations = await there.newPage();
  await operations.goto(`${opsOrigin}/ops`);
  await operations.getByText(/processes and the servers they use/).waitFor();
  await page.goto(`${appOrigin}/account`);
  await page.getByRole('button', { name: /sign out everywhere/i }).click();
  const confirmed = page.getByRole('dialog').getByRole('button', { name: /sign out everywhere/i });
  await confirmed.waitFor();

  const asked = page.waitForRequest((request) => request.method() === 'DELETE');
  const left = Promise.all(
    [page, secondTab, elsewhere, operations].map(async (tab) => {
      await tab.waitForURL(/\/sign-in/, { waitUntil: 'commit' });
      return performance.now();
    }),
  );
  await confirmed.click();
  await asked;
  const askedAt = performance.now();
  expect(Math.max(...(await left)) - askedAt).toBeLessThan(1_000);
});

test('a deletion by keyboard waits for as long as its toast has the focus, and can be undone', async () => {
  const page = await people.signIn(await people.browser(), await people.register());
  await shorten(page, target);
  const sent: string[] = [];
  page.on('request', (request) => request.method() === 'DELETE' && sent.push(request.url()));
  await page.clock.install();
  await page.goto(`${appOrigin}/links`);
  const actions = page.getByRole('button', { name: /^Actions for/ });
  const deleteIt = async () => {
    await actions.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
  };
  await deleteIt();
  const undo = page.getByRole('button', { name: 'Undo' });
  const hasFocus = () => undo.evaluate((element) => element === document.activeElement);
  await expect.poll(hasFocus).toBe(true);
  expect(await actions.count()).toBe(0);
  await page.clock.runFor(20_000);
  expect(sent).toEqual([]);
  await page.keyboard.press('Enter');
  await actions.waitFor();

  await deleteIt();
  await expect.poll(hasFocus).toBe(true);
  await page.keyboard.press('Tab');
  const answered = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await page.keyboard.press('Enter');
  expect((await answered).status()).toBe(204);
});

test('a page that is gone to has the focus at its heading', async () => {
  const page = await people.signIn(await people.browser(), await people.register());
  await shorten(page, target);
  await page.getByRole('link', { name: 'Links', exact: true }).click();
  const heading = page.getByRole('heading', { level: 1 });
  const hasFocus = () => heading.evaluate((h1) => h1 === document.activeElement);
  await page.waitForURL(`${appOrigin}/links`);
  await expect.poll(hasFocus).toBe(true);
  // What is clicked is gone with its page.
  await page.locator('main a[href^="/links/"]').first().click();
  await page.waitForURL(/\/links\/\w+$/);
  await expect.poll(hasFocus).toBe(true);
});

test.each([
  ['the browser finds', 'no slug'],
  ['the API finds', 'api'],
])('a fault that %s in closed options opens them', async (_finder, wrong) => {
  const page = await people.signIn(await people.browser(), await people.register());
  const [options, slug] = [page.getByText('Options'), page.getByLabel('Custom slug')];
  const url = page.getByLabel('Paste a long URL');
  await url.fill(target);
  await options.click();
  await slug.fill(wrong);
  await options.click();
  await slug.waitFor({ state: 'hidden' });

  await url.press('Enter');
  await slug.waitFor();
  expect(await page.getByRole('region', { name: 'The new link' }).count()).toBe(0);
  await slug.fill('');
  await url.press('Enter');
  await page.getByRole('region', { name: 'The new link' }).waitFor();
});
