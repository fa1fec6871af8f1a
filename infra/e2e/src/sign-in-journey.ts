import { answered } from './answered.ts';
import { type Browser, openBrowser, type Visit } from './browser.ts';
import type { HttpClient } from './http-client.ts';
import { type Person, signIn, signUp } from './people.ts';
import type { Stack } from './stack.ts';

/** Somebody who may see all that asks for a session. */
export interface Owner extends Person {
  /** Of a private link. */
  readonly slug: string;
  /** Where it leads. */
  readonly target: string;
}

/** Registers an administrator with a private link. */
export async function signUpOwner(http: HttpClient, stack: Stack): Promise<Owner> {
  const person = await signUp(http, stack);
  await stack.sql(`UPDATE accounts SET role = 'admin' WHERE id = $1`, [person.id]);
  const target = 'http://private.test/page';
  const admin = await signIn(http, stack, person);
  const link = { url: target, visibility: 'private' };
  const { slug } = answered(201, await admin.call('POST', '/api/links', link)).json();
  return { ...person, slug, target };
}

/** Opens all that asks for a session, one after the other; returns where each visit led, or its status. */
export async function openAll(
  browser: Browser,
  stack: Stack,
  slug: string,
): Promise<(string | number)[]> {
  const visits = [
    await browser.open(`${stack.appOrigin}/api/auth/me`),
    await browser.open(`${stack.shortOrigin}/${slug}`),
    await browser.open(`${stack.opsOrigin}/ops`),
  ];
  return visits.map((visit) => {
    if (visit.headers.location !== undefined) return visit.headers.location;
    return isSignInForm(visit) ? 'the sign-in form' : visit.status;
  });
}

/** Opens the private link in a new browser and signs in with the form that it leads to. */
export async function signInByLink(
  http: HttpClient,
  stack: Stack,
  owner: Owner,
): Promise<{ browser: Browser; visit: Visit }> {
  const { appOrigin, shortOrigin, opsOrigin } = stack;
  const browser = openBrowser(http, [appOrigin, shortOrigin, opsOrigin]);
  const form = await browser.open(`${shortOrigin}/${owner.slug}`);
  if (!isSignInForm(form)) throw new Error(`${form.url} is no sign-in form: ${form.text}`);
  const visit = await browser.open(`${appOrigin}/sign-in`, {
    method: 'POST',
    headers: { origin: appOrigin },
    form: { ...form.hiddenFields, email: owner.email, password: owner.password },
  });
  return { browser, visit };
}

function isSignInForm({ status, url, text }: Visit): boolean {
  return status === 200 && url.includes('/sign-in?') && text.includes('type="password"');
}
