import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { createHttpClient } from '../../e2e/src/http-client.ts';
import { signUp } from '../../e2e/src/people.ts';
import type { Stack } from '../../e2e/src/stack.ts';
import { launchChromium } from './launch-chromium.ts';

/** A person's: clicks of headless browsers count as those of bots. */
export const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36';

export interface Login {
  email: string;
  password: string;
}

export interface People {
  /** A browser profile of its own, signed in nowhere. */
  browser(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Registers somebody, by the API. */
  register(options?: { isAdmin: boolean }): Promise<Login>;
  /** Opens the sign-in page in a new tab and signs in; the tab is at the home page then. */
  signIn(context: BrowserContext, login: Login): Promise<Page>;
  close(): Promise<void>;
}

/** One Chromium, and people with accounts on this stack. */
export async function openPeople(stack: Stack): Promise<People> {
  const chromium = await launchChromium();
  const http = createHttpClient({ connections: 4 });

  return {
    async browser(options = {}) {
      const context = await chromium.newContext({ userAgent, ...options });
      context.setDefaultTimeout(10_000);
      return context;
    },
    async register({ isAdmin } = { isAdmin: false }) {
      const { email, password } = await signUp(http, stack);
      if (isAdmin) await stack.sql(`UPDATE accounts SET role = 'admin' WHERE email = $1`, [email]);
      return { email, password };
    },
    async signIn(context, { email, password }) {
      const page = await context.newPage();
      await page.goto(`${stack.appOrigin}/sign-in`);
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL(`${stack.appOrigin}/`);
      return page;
    },
    async close() {
      await chromium.close();
      http.close();
    },
  };
}
