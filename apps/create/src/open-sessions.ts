import { signedInUserCodec } from '@shortstack/contracts';
import { createSubscriber } from '@shortstack/events';
import type { RedisConnection } from '@shortstack/redis';
import { createSessionStore, createSessionWatch } from '@shortstack/session';
import type { OpenProcess } from '@shortstack/wiring';
import type { HttpConfig } from './config.ts';

/** The sessions, on the session Redis, of those who sign in here, and what tells open pages that theirs has ended, on a connection of its own. */
export function openSessions(
  { life, logger, tls }: OpenProcess,
  config: HttpConfig,
  redis: RedisConnection,
) {
  const sessions = createSessionStore({
    redis,
    codec: signedInUserCodec,
    encryptionKeys: config.SESSION_ENCRYPTION_KEYS,
    idleTtlSeconds: config.SESSION_IDLE_TTL_SECONDS,
    absoluteTtlSeconds: config.SESSION_ABSOLUTE_TTL_SECONDS,
    touchIntervalSeconds: Math.min(60, Math.floor(config.SESSION_IDLE_TTL_SECONDS / 2)),
    maxSessionsPerUser: 50,
  });
  const ends = createSubscriber({
    url: config.REDIS_SESSION_URL,
    tls,
    name: 'session',
    onError: (err) => logger.debug({ err }, 'listening to the session Redis is interrupted'),
  });
  life.onClose('session ends', () => ends.close());
  const sessionWatch = createSessionWatch({ store: sessions, feed: ends });
  life.onClose('session watch', () => sessionWatch.close());
  return { sessions, sessionWatch };
}
