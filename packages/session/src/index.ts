export { createSessionStore } from './create-session-store.ts';
export {
  createSessionWatch,
  type SessionEndFeed,
  type SessionWatch,
  type SessionWatchOptions,
  sessionEndedChannel,
} from './create-session-watch.ts';
export { rejectForeignWrites } from './reject-foreign-writes.ts';
export {
  createRemoteSignIn,
  type RemoteSignIn,
  type RemoteSignInOptions,
} from './remote-sign-in.ts';
export { createRequestSession, type RequestSession } from './request-session.ts';
export type { Session, SessionCodec, SessionData } from './session.ts';
export {
  createSessionCookie,
  type SessionCookie,
  type SessionCookieOptions,
} from './session-cookie.ts';
export { requireSession, type SessionPluginOptions, sessionPlugin } from './session-plugin.ts';
export type {
  NewSession,
  SessionStore,
  SessionStoreOptions,
  SessionWithToken,
} from './session-store.ts';
export { newSessionTag } from './session-token.ts';
export { sharesCookie } from './shares-cookie.ts';
