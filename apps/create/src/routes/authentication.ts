import type { Scope } from '@shortstack/contracts';
import { type AccessTokenVerifier, accessTokenOf } from '@shortstack/discovery';
import { AppError } from '@shortstack/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { apiKeyOf, hashApiKey } from '../domain/api-key.ts';
import { assertScope, assertSession, type Principal } from '../domain/principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who acts. Set by `requireScope` and `requireSignIn`. */
    principal: Principal;
  }
}

export interface AuthenticationOptions {
  /** Whose unexpired key has this hash. */
  findPrincipalByKeyHash: (keyHash: string) => Promise<Principal | null>;
  accessTokens: AccessTokenVerifier;
  /** Whether the session of this token has not ended. */
  isSessionAlive: (token: string) => Promise<boolean>;
}

type Hook = (request: FastifyRequest) => Promise<void>;

declare module 'fastify' {
  interface FastifyInstance {
    /** An `onRequest` hook: lets a session or an access token pass, and an API key with the scope. */
    requireScope(scope: Scope): Hook;
    /** An `onRequest` hook: lets only a session pass. */
    requireSignIn: Hook;
    /**
     * Whether whoever sent an answered request may still do this: for answers without end. Looks anew; while sessions or keys can't be
     * looked up it is true, since an outage signs nobody out.
     */
    mayStill(request: FastifyRequest, scope: Scope): Promise<boolean>;
  }
}

/**
 * Finds out who acts: by the API key or access token in `Authorization: Bearer`, or by the session cookie where there is no such
 * header. It happens before the body is read. Without either, 401; while sessions or keys can't be looked up, 503.
 */
export const authentication = fastifyPlugin<AuthenticationOptions>(registerAuthentication, {
  name: 'authentication',
  dependencies: ['@shortstack/session'],
});

async function registerAuthentication(app: FastifyInstance, options: AuthenticationOptions) {
  async function authenticate(request: FastifyRequest): Promise<Principal> {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      const session = await request.session.require();
      return { accountId: session.userId, key: null };
    }
    const principal = (await findByToken(authorization)) ?? (await findByKey(authorization));
    if (principal) return principal;
    throw new AppError(
      'unauthenticated',
      'API_KEY_INVALID',
      'This API key is not valid (any more).',
    );
  }

  async function findByToken(authorization: string): Promise<Principal | null> {
    const token = accessTokenOf(authorization);
    if (token === null) return null;
    const { sub } = await options.accessTokens.verify(token);
    return { accountId: sub, key: null, byToken: true };
  }

  async function findByKey(authorization: string): Promise<Principal | null> {
    const key = apiKeyOf(authorization);
    return key === null ? null : options.findPrincipalByKeyHash(hashApiKey(key));
  }

  app.decorateRequest('principal');
  app.decorate('mayStill', async ({ headers, session }: FastifyRequest, scope: Scope) => {
    try {
      if (headers.authorization === undefined) {
        return session.token !== null && (await options.isSessionAlive(session.token));
      }
      if ((await findByToken(headers.authorization)) !== null) return true;
      const principal = await findByKey(headers.authorization);
      return principal?.key?.scopes.includes(scope) ?? false;
    } catch (error) {
      return error instanceof AppError && error.kind === 'unavailable';
    }
  });
  app.decorate('requireScope', (scope: Scope): Hook => {
    return async (request) => {
      request.principal = await authenticate(request);
      assertScope(request.principal, scope);
    };
  });
  app.decorate('requireSignIn', async (request: FastifyRequest) => {
    request.principal = await authenticate(request);
    assertSession(request.principal);
  });
}
