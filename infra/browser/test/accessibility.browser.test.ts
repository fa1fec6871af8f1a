import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openJourney } from '../src/open-journey.ts';
import { listPages } from '../src/shown-pages.ts';

const { stack, people } = await openJourney();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const admin = await people.register({ isAdmin: true });
const owner = await people.browser();
const stranger = await people.browser();
const pages = await listPages(stack, people, owner, admin);

const rules: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
};

declare global {
  interface Window {
    axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

/** What axe finds, as `rule: selector` each. */
async function findFaults(page: Page): Promise<string[]> {
  // Not a script element, which the pages' policy would refuse.
  await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), rules);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  );
}

for (const shown of pages) {
  test.each(['light', 'dark'] as const)(`${shown.name}: axe finds nothing, %s`, async (theme) => {
    const page = await (shown.isSignedIn ? owner : stranger).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 800 });
    const answer = await page.goto(shown.url);
    await page.locator(shown.shows).first().waitFor();
    await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
    expect(await findFaults(page)).toEqual([]);

    await page.setViewportSize({ width: 390, height: 844 });
    expect(await findFaults(page)).toEqual([]);
    const isWide = () => document.documentElement.scrollWidth > window.innerWidth;
    expect(await page.evaluate(isWide)).toBe(false);
    // A browser says so of every answer that is an error, as the pages of errors are.
    const unexpected = complaints.filter((text) => !text.includes(`status of ${answer?.status()}`));
    expect(unexpected).toEqual([]);
    await page.close();
  });
}
