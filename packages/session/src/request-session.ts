import { AppError } from '@shortstack/errors';
import type { Session, SessionData } from './session.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { SessionStore } from './session-store.ts';

/** What is sent through. A Fastify reply fits. */
interface HeaderSink {
  header(name: string, value: string): unknown;
}

/** The session of one request. Asks Redis only when told to, and at most once. */
export interface RequestSession {
  /** The cookie's value, whether it is valid or not; null without a cookie. For `end`, `rotate` and `update`. */
  readonly token: string | null;
  /** Null without a session. Rejects with kind `unavailable` when Redis is away: an outage signs nobody out. */
  read(): Promise<Session<SessionData> | null>;
  /** As `read`, but without a session it rejects with kind `unauthenticated`, code `UNAUTHENTICATED`. */
  require(): Promise<Session<SessionData>>;
  /** Hands a session to the browser. */
  setCookie(reply: HeaderSink, token: string): void;
  /** Takes it away from the browser. Doesn't end it. */
  clearCookie(reply: HeaderSink): void;
}

/** The session of the request that sent this `Cookie` header. */
export function createRequestSession(
  store: SessionStore<SessionData>,
  cookie: SessionCookie,
  cookieHeader: string | undefined,
): RequestSession {
  const token = cookie.read(cookieHeader);
  let reading: Promise<Session<SessionData> | null> | undefined;
  const read = () => {
    reading ??= token === null ? Promise.resolve(null) : store.read(token);
    return reading;
  };
  return {
    token,
    read,
    async require() {
      const session = await read();
      if (session) return session;
      throw new AppError('unauthenticated', 'UNAUTHENTICATED', 'Sign in first.');
    },
    setCookie(reply, newToken) {
      reply.header('set-cookie', cookie.set(newToken));
    },
    clearCookie(reply) {
      reply.header('set-cookie', cookie.clear());
    },
  };
}
