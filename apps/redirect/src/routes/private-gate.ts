import type { SignedInUser } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { wantsPage } from '@shortstack/server';
import { createRequestSession, type RemoteSignIn, type SessionStore } from '@shortstack/session';
import { linkNotFound } from '../domain/link-state.ts';
import type { Gate } from './answer-with-care.ts';

export interface PrivateGateOptions {
  sessions: SessionStore<SignedInUser>;
  signIn: RemoteSignIn;
  shortOrigin: string;
}

/**
 * Lets only the owner of a private link pass. Browsers that are not signed in are sent to the app's sign-in; to
 * anyone else's session the link doesn't exist. Rejects with `REDIS_UNAVAILABLE` while sessions can't be read.
 */
export function createPrivateGate({ sessions, signIn, shortOrigin }: PrivateGateOptions): Gate {
  return async (link, request, reply) => {
    if (!link.isPrivate) return true;
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
