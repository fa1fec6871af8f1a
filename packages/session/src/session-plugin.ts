import type { FastifyInstance, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { rejectForeignWrites } from './reject-foreign-writes.ts';
import { createRequestSession, type RequestSession } from './request-session.ts';
import type { SessionData } from './session.ts';
import { createSessionCookie, type SessionCookieOptions } from './session-cookie.ts';
import type { SessionStore } from './session-store.ts';

/** Where a request keeps its session once it was asked for. */
const known = Symbol('session');

declare module 'fastify' {
  interface FastifyRequest {
    [known]: RequestSession | undefined;
    /** Who is signed in. Costs nothing until it is read. */
    readonly session: RequestSession;
  }
}

export interface SessionPluginOptions {
  store: SessionStore<SessionData>;
  cookie: SessionCookieOptions;
  /** The origins whose pages may write with the cookie, such as `https://app.example.com`. */
  origins: readonly string[];
}

/**
 * Gives each request `request.session` and refuses writes that carry the session cookie from another origin
 * (`rejectForeignWrites`). A request that never looks at its session never costs a round trip. Reads the cookie itself
 * and depends on no other plugin.
 */
export const sessionPlugin = fastifyPlugin<SessionPluginOptions>(registerSessions, {
  name: '@shortstack/session',
  fastify: '5.x',
});

/** A `preHandler` that lets nobody through without a session: see `RequestSession.require`. */
export async function requireSession(request: FastifyRequest): Promise<void> {
  await request.session.require();
}

async function registerSessions(app: FastifyInstance, options: SessionPluginOptions) {
  const cookie = createSessionCookie(options.cookie);
  app.decorateRequest(known);
  app.decorateRequest('session', {
    getter() {
      this[known] ??= createRequestSession(options.store, cookie, this.headers.cookie);
      return this[known];
    },
  });
  app.addHook('onRequest', rejectForeignWrites({ origins: options.origins, cookie }));
}
