import { type ConnectRedisOptions, connectRedis, type RedisConnection } from '@shortstack/redis';
import { onTestFinished } from 'vitest';

/** A connection that is closed when the test ends. */
export function connect(url: string, options: Partial<ConnectRedisOptions> = {}): RedisConnection {
  const connection = connectRedis({ url, name: 'session', ...options });
  onTestFinished(() => connection.close());
  return connection;
}

/** How `run` rejects when Redis can't be used. */
export const unavailable = { kind: 'unavailable', code: 'REDIS_UNAVAILABLE' };
