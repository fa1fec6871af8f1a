import type { BrowserContext } from 'playwright-core';
import type { Stack } from '../../e2e/src/stack.ts';
import type { Login, People } from './open-people.ts';

/** A page of Shortstack as somebody sees it: the address, and what is there when it is all shown. */
export interface ShownPage {
  name: string;
  url: string;
  /** A selector. */
  shows: string;
  /** Seen by somebody who is signed in. */
  isSignedIn: boolean;
}

/**
 * Makes a link of each kind that has a page of its own, and lists every page there is. `owner` is an administrator; `slug` names a link
 * of theirs whose page is shown, by default one that nobody has followed.
 */
export async function listPages(
  stack: Stack,
  people: People,
  context: BrowserContext,
  owner: Login,
  slug?: string,
): Promise<readonly ShownPage[]> {
  const { appOrigin, shortOrigin, opsOrigin } = stack;
  const page = await people.signIn(context, owner);
  const make = async (link: Record<string, unknown>): Promise<string> => {
    const answer = await context.request.post(`${appOrigin}/api/links`, {
      data: { url: `${appOrigin}/docs/`, ...link },
      headers: { origin: appOrigin },
    });
    if (answer.status() !== 201) throw new Error(`POST /api/links: ${await answer.text()}`);
    return ((await answer.json()) as { slug: string }).slug;
  };
  const guarded = await make({ password: 'open sesame', title: 'The plan for next year' });
  const followed = slug ?? (await make({ title: 'Documentation' }));
  const gone = await make({ title: 'Deleted' });
  await context.request.delete(`${appOrigin}/api/links/${gone}`, {
    headers: { origin: appOrigin },
  });
  await page.close();

  const ours = (name: string, path: string, shows = 'h1') => ({
    name,
    url: `${appOrigin}${path}`,
    shows,
    isSignedIn: true,
  });
  const anyones = (name: string, url: string) => ({ name, url, shows: 'h1', isSignedIn: false });
  return [
    ours('home', '/'),
    ours('links', '/links', '[role=row] a, [role=grid] a, li a[href^="/links/"]'),
    ours('link', `/links/${followed}`, '.uplot canvas'),
    ours('account', '/account'),
    { ...ours('operations', '/ops', 'svg'), url: `${opsOrigin}/ops` },
    anyones('sign-in', `${appOrigin}/sign-in`),
    anyones('register', `${appOrigin}/register`),
    anyones('not-found', `${shortOrigin}/there-is-no-such-link`),
    anyones('gone', `${shortOrigin}/${gone}`),
    anyones('password', `${shortOrigin}/${guarded}`),
    anyones('preview', `${shortOrigin}/${followed}+`),
  ];
}
