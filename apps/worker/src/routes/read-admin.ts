import { AppError } from '@shortstack/errors';
import { createRequestSession, type SessionCookie, type SessionStore } from '@shortstack/session';
import type { FastifyRequest } from 'fastify';

/**
 * Returns a function that tells whether an admin sends the request; false for nobody in particular. @throws AppError `ADMIN_REQUIRED`
 * (kind `forbidden`) for anyone else who is signed in, `REDIS_UNAVAILABLE` while sessions can't be read.
 */
export function createAdminReader(sessions: SessionStore, cookie: SessionCookie) {
  return async (request: FastifyRequest): Promise<boolean> => {
    const session = await createRequestSession(sessions, cookie, request.headers.cookie).read();
    if (session === null) return false;
    if (session.data.role === 'admin') return true;
    throw new AppError('forbidden', 'ADMIN_REQUIRED', 'Operations are for administrators only.');
  };
}
