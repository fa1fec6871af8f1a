/**
 * `npm run screenshots`: starts a stack of its own, fills it with links and clicks of two months, and writes every page, light and
 * dark, at three widths, to docs/screenshots as `<page>-<width>-<theme>.webp`.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { newSessionTag } from '@shortstack/session';
import type { Page } from 'playwright-core';
import { seed } from '../../../apps/load/src/load/seed/seed.ts';
import { type Login, openPeople, userAgent } from './open-people.ts';
import { listPages, type ShownPage } from './shown-pages.ts';
import { type OwnStack, startOwnStack } from './start-own-stack.ts';

const directory = resolve(import.meta.dirname, '../../../docs/screenshots');
const sizes = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];
const maxHeight = 1_700;
const themes = ['light', 'dark'] as const;

console.log('Starting a stack …');
const stack = await startOwnStack();
try {
  const owner = { email: 'ada@example.com', password: stack.demo.password };
  await takeAll(owner, await fill(stack, owner));
} finally {
  await stack.close();
}

/** Makes somebody whose links many have followed, and returns the most popular one's slug. */
async function fill(own: OwnStack, owner: Login): Promise<string> {
  const options = { links: 60, clicks: 40_000, days: 60, connections: 2, remove: false };
  const keys = { kind: 'zipf', exponent: 1.1 } as const;
  await seed({ ...options, databaseUrl: own.ownerUrl, keys }, new AbortController().signal);
  await own.sql(
    `UPDATE accounts SET email = $1, name = 'Ada', role = 'admin', password_hash = demo.password_hash, session_tag = $3
     FROM accounts AS demo WHERE demo.email = $2 AND accounts.email LIKE 'seed@%'`,
    [owner.email, own.demo.email, newSessionTag()],
  );
  const rows = await own.sql<{ slug: string }>(
    `UPDATE links SET
       title = (ARRAY['Autumn newsletter', 'Release notes', 'Conference talk', 'Price list', 'Open positions'])[1 + links.id % 5],
       tags = ARRAY[(ARRAY['newsletter', 'product', 'events'])[1 + links.id % 3]]
     FROM accounts WHERE accounts.id = links.account_id AND accounts.email = $1 RETURNING slug`,
    [owner.email],
  );
  return rows[0]?.slug ?? '';
}

async function takeAll(login: Login, slug: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const people = await openPeople(stack);
  let stopVisits = () => {};
  try {
    const owner = await people.browser();
    const pages = await listPages(stack, people, owner, login, slug);
    const stranger = await people.browser();
    const visits = setInterval(() => visit(`${stack.shortOrigin}/${slug}`), 20);
    stopVisits = () => clearInterval(visits);
    let taken = 0;
    for (const theme of themes) {
      for (const size of sizes) {
        for (const shown of pages) {
          const page = await (shown.isSignedIn ? owner : stranger).newPage();
          await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
          await page.setViewportSize(size);
          await takeOne(page, shown, `${shown.name}-${size.width}-${theme}.webp`);
          await page.close();
          taken += 1;
          console.log(`${taken} of ${pages.length * sizes.length * themes.length}: ${shown.name}`);
        }
      }
    }
    await writeFile(join(directory, 'README.md'), gallery(pages.map(({ name }) => name)));
  } finally {
    stopVisits();
    await people.close();
  }
}

/** A page that shows them all. */
function gallery(names: readonly string[]): string {
  const image = (name: string, width: number, theme: string) =>
    `<img width="${width === 390 ? 130 : 260}" alt="${name}, ${theme}, ${width} px" src="${name}-${width}-${theme}.webp">`;
  const row = (name: string) =>
    `## ${name}\n\n${themes.flatMap((theme) => sizes.map(({ width }) => image(name, width, theme))).join('\n')}\n`;
  const title = '# Every page\n\nWritten by `npm run screenshots`.\n\n';
  return title + names.map(row).join('\n');
}

/** So that the pages have something to show that is live. What fails is no matter. */
function visit(url: string): void {
  const headers = { 'user-agent': userAgent };
  fetch(url, { redirect: 'manual', headers, signal: AbortSignal.timeout(2_000) }).catch(() => {});
}

async function takeOne(page: Page, { url, shows }: ShownPage, name: string): Promise<void> {
  await page.goto(url);
  await page.locator(shows).first().waitFor();
  // The operator's page shows rates once it has seen some seconds.
  if (name.startsWith('operations'))
    await page
      .getByText(/\d\/s$/)
      .first()
      .waitFor();
  // Skeletons and spinners say that they are busy.
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  // All of a page, unless it is very long.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  const { width, height: seen } = page.viewportSize() ?? { width: 0, height: 0 };
  await page.setViewportSize({ width, height: Math.min(Math.max(height, seen), maxHeight) });
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  await writeFile(join(directory, name), Buffer.from(data, 'base64'));
}
