import { closeAfterFile } from '@shortstack/testing';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { createHttpClient, type HttpClient } from '../../e2e/src/http-client.ts';
import { signUp } from '../../e2e/src/people.ts';
import type { Stack } from '../../e2e/src/stack.ts';
import { launchChromium } from './launch-chromium.ts';

/** A browser that is nobody's yet counts as one of a person: headless ones are left out of clicks. */
const userAgent =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36';

export interface Login {
  email: string;
  password: string;
}

export interface People {
  readonly http: HttpClient;
  /** A browser profile of its own, signed in nowhere. It fails on anything that the console calls an error. */
  browser(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Registers somebody, by the API. */
  register(options?: { isAdmin: boolean }): Promise<Login>;
  /** Signs in on the page that the browser is led to, or opens it. */
  signIn(context: BrowserContext, login: Login): Promise<Page>;
}

/** One Chromium for the test file, and who uses it. */
export async function openPeople(stack: Stack): Promise<People> {
  const chromium: Browser = await launchChromium();
  closeAfterFile(() => chromium.close());
  const http = createHttpClient({ connections: 4 });
  closeAfterFile(async () => http.close());

  return {
    http,
    async browser(options = {}) {
      const context = await chromium.newContext({ userAgent, ...options });
      context.setDefaultTimeout(10_000);
      closeAfterFile(() => context.close());
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
  };
}
