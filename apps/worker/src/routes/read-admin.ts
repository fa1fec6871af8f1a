import { type AccessTokenVerifier, accessTokenOf } from '@shortstack/discovery';
import { AppError } from '@shortstack/errors';
import { createRequestSession, type SessionCookie, type SessionStore } from '@shortstack/session';
import type { FastifyRequest } from 'fastify';

/**
 * Returns a function that tells whether an admin sends the request, by an access token in `Authorization` or by the session cookie; false for
 * nobody in particular. @throws AppError `ADMIN_REQUIRED` (kind `forbidden`) for anyone else, `ACCESS_TOKEN_INVALID`, and `REDIS_UNAVAILABLE` while
 * sessions can't be read: tokens need none.
 */
export function createAdminReader(
  sessions: SessionStore,
  cookie: SessionCookie,
  accessTokens: AccessTokenVerifier,
) {
  async function roleOf({ headers }: FastifyRequest): Promise<unknown> {
    const token = accessTokenOf(headers.authorization);
    if (token !== null) return (await accessTokens.verify(token)).role ?? 'none';
    return (await createRequestSession(sessions, cookie, headers.cookie).read())?.data.role;
  }

  return async (request: FastifyRequest): Promise<boolean> => {
    const role = await roleOf(request);
    if (role === undefined) return false;
    if (role === 'admin') return true;
    throw new AppError('forbidden', 'ADMIN_REQUIRED', 'Operations are for administrators only.');
  };
}
