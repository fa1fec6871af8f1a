import { handOverPath } from '@shortstack/contracts';
import { type SessionStore, sharesCookie } from '@shortstack/session';

export interface LeadBackOptions {
  sessions: Pick<SessionStore, 'issueCode'>;
  appOrigin: string;
  cookieDomain: string | undefined;
}

/**
 * Where the browser of a session goes on to after signing in: to the address that it came from, or on another site, which our cookie
 * doesn't reach, to where that site takes the session over by a code. `challenge` is what the site sent along; without one it
 * gets no code and will ask again. Rejects with kind `unavailable` while codes can't be stored.
 */
export function createLeadBack({ sessions, appOrigin, cookieDomain }: LeadBackOptions) {
  return async (token: string | null, target: string, challenge: string): Promise<string> => {
    const { origin, pathname, search } = new URL(target);
    if (token === null || sharesCookie(origin, { setBy: appOrigin, domain: cookieDomain })) {
      return target;
    }
    const code = await sessions.issueCode(token, { site: origin, challenge });
    if (code === null) return target;
    const query = new URLSearchParams({ code, returnTo: `${pathname}${search}` });
    return `${origin}${handOverPath}?${query.toString()}`;
  };
}
