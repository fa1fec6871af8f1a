import { AppError } from '@shortstack/errors';
import type { SessionStore } from '@shortstack/session';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccountToSignIn } from '../domain/sign-in.ts';
import type {} from '../session-data.ts';

/** Gives the browser a fresh session, whatever it had before: so nobody can be made to use one that another knows. */
export async function startSession(
  sessions: SessionStore,
  request: FastifyRequest,
  reply: FastifyReply,
  account: AccountToSignIn,
): Promise<void> {
  const { id, email, name, role } = account;
  const started = await sessions.create({
    userId: id,
    tag: account.sessionTag,
    data: { email, name, role },
  });
  const { token } = request.session;
  // The new session counts, so a failure to end the old one must not fail the request: it is only unused.
  if (token !== null) await sessions.end(token).catch(() => false);
  request.session.setCookie(reply, started.token);
}

/** An `onRequest` hook: a page of another site must not sign its visitor in to an account of its own choice. */
export function refuseForeignSignIn(appOrigin: string) {
  return async ({ headers }: FastifyRequest): Promise<void> => {
    const site = headers['sec-fetch-site'] ?? 'none';
    if (site === 'same-origin' || headers.origin === appOrigin) return;
    if (site === 'none' && headers.origin === undefined) return;
    throw new AppError(
      'forbidden',
      'CSRF_REJECTED',
      'This request did not come from our own site.',
    );
  };
}
