import { redisTls } from '@shortstack/config';
import { signedInUserCodec } from '@shortstack/contracts';
import { createSubscriber } from '@shortstack/events';
import type { RedisConnection } from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import { createSessionStore, createSessionWatch } from '@shortstack/session';
import type { Logger } from '@shortstack/telemetry';
import type { HttpConfig } from './config.ts';

/** The sessions of those who sign in here, and what tells open pages that theirs has ended, on a connection of its own. */
export function openSessions(options: {
  config: HttpConfig;
  /** The session Redis. */
  redis: RedisConnection;
  life: ProcessLife;
  logger: Logger;
}) {
  const { config, redis, life, logger } = options;
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
    tls: redisTls(config),
    name: 'session',
    onError: (err) => logger.debug({ err }, 'listening to the session Redis is interrupted'),
  });
  life.onClose('session ends', () => ends.close());
  const sessionWatch = createSessionWatch({ store: sessions, feed: ends });
  life.onClose('session watch', () => sessionWatch.close());
  return { sessions, sessionWatch };
}
