import { Redis } from 'ioredis';
import type { RedisCredentials } from './server-options.ts';

/** What the Redis server on this port of 127.0.0.1 tells of itself; empty while it doesn't answer. */
export async function redisInfo(
  port: number,
  { username, password }: RedisCredentials,
): Promise<string> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    ...(username && { username }),
    ...(password && { password }),
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.info();
  } catch {
    return '';
  } finally {
    client.disconnect();
  }
}

/** Whether a server that tells this has loaded its data. A Sentinel has none and doesn't speak of it. */
export function hasLoaded(info: string): boolean {
  return info !== '' && !info.includes('loading:1\r\n');
}
