import { type SignedInUser, sessionCookieName, signedInUserCodec } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import {
  createSessionStore,
  type SessionCookieOptions,
  type SessionStore,
} from '@shortstack/session';
import type { OpenProcess } from './open-process.ts';

/** Of `sessionSettings` and `listenerSettings`. */
export interface SessionConfig {
  APP_ORIGIN: string;
  REDIS_SESSION_URL: string;
  COOKIE_DOMAIN?: string | undefined;
  SESSION_ENCRYPTION_KEYS?: string | undefined;
  SESSION_IDLE_TTL_SECONDS: number;
  SESSION_ABSOLUTE_TTL_SECONDS: number;
}

/**
 * The sessions that create starts, for a service that stands at the app's origin and asks who is signed in: it prolongs sessions and
 * changes none. `cookie` and `origins` are for `sessionPlugin`.
 */
export function openSessions(
  { connect }: OpenProcess,
  config: SessionConfig,
): {
  redis: RedisConnection;
  store: SessionStore<SignedInUser>;
  cookie: SessionCookieOptions;
  origins: string[];
} {
  const redis = connect('session', config.REDIS_SESSION_URL);
  return {
    redis,
    store: createSessionStore({
      redis,
      codec: signedInUserCodec,
      encryptionKeys: config.SESSION_ENCRYPTION_KEYS,
      prolongOnly: true,
      idleTtlSeconds: config.SESSION_IDLE_TTL_SECONDS,
      absoluteTtlSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
      touchIntervalSeconds: Math.min(60, Math.floor(config.SESSION_IDLE_TTL_SECONDS / 2)),
      maxSessionsPerUser: 50,
    }),
    cookie: {
      name: sessionCookieName,
      secure: config.APP_ORIGIN.startsWith('https:'),
      maxAgeSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
      ...(config.COOKIE_DOMAIN === undefined ? {} : { domain: config.COOKIE_DOMAIN }),
    },
    origins: [config.APP_ORIGIN],
  };
}
