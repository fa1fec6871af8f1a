import { AppError } from '@shortstack/errors';
import { wantsPage } from '@shortstack/server';
import type { RemoteSignIn } from '@shortstack/session';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface RequireAdminOptions {
  /** False for nobody in particular; throws for those who may not come in. */
  readAdmin: (request: FastifyRequest) => Promise<boolean>;
  signIn: RemoteSignIn;
  opsOrigin: string;
}

/**
 * Makes the `onRequest` hook of the operations pages: admins pass. Browsers without a session are led to sign-in and come back to the
 * overview. Nothing here is kept by a cache. @throws AppError `UNAUTHENTICATED` for everyone else without one, and what `readAdmin` throws.
 */
export function requireAdmin({ readAdmin, signIn, opsOrigin }: RequireAdminOptions) {
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    reply.header('cache-control', 'no-store').header('vary', 'accept, cookie');
    if (await readAdmin(request)) return undefined;
    if (!wantsPage(request))
      throw new AppError('unauthenticated', 'UNAUTHENTICATED', 'Sign in first.');
    return signIn.begin(request, reply, `${opsOrigin}/ops`);
  };
}
