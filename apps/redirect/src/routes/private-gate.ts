import type { SignedInUser } from '@shortstack/contracts';
import { type AccessTokenVerifier, accessTokenOf } from '@shortstack/discovery';
import { AppError } from '@shortstack/errors';
import { wantsPage } from '@shortstack/server';
import { createRequestSession, type RemoteSignIn, type SessionStore } from '@shortstack/session';
import { linkNotFound } from '../domain/link-state.ts';
import type { Gate } from './answer-with-care.ts';

export interface PrivateGateOptions {
  sessions: SessionStore<SignedInUser>;
  signIn: RemoteSignIn;
  accessTokens: AccessTokenVerifier;
  shortOrigin: string;
}

/**
 * Lets only the owner of a private link pass, by an access token in `Authorization` or by the session cookie. Browsers that are not signed in
 * are sent to the app's sign-in; to anyone else the link doesn't exist. Rejects with `ACCESS_TOKEN_INVALID`, and with `REDIS_UNAVAILABLE`
 * while sessions can't be read: tokens need none.
 */
export function createPrivateGate(options: PrivateGateOptions): Gate {
  const { sessions, signIn, accessTokens, shortOrigin } = options;
  return async (link, request, reply) => {
    if (!link.isPrivate) return true;
    const token = accessTokenOf(request.headers.authorization);
    if (token !== null) {
      if ((await accessTokens.verify(token)).sub === link.accountId) return true;
      throw linkNotFound();
    }
    const session = await createRequestSession(
      sessions,
      signIn.cookie,
      request.headers.cookie,
    ).read();
    if (session?.userId === link.accountId) return true;
    if (session !== null) throw linkNotFound();
    if (!wantsPage(request))
      throw new AppError(
        'unauthenticated',
        'UNAUTHENTICATED',
        'This link is private. Sign in first.',
      );
    signIn.begin(request, reply, `${shortOrigin}${request.url}`);
    return false;
  };
}
