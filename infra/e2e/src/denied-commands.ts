import { Redis } from 'ioredis';
import { type RedisName, redisNames } from '../../redis/src/redis-users.ts';
import type { StackRedis } from './redis-servers.ts';

const TIMEOUT_MS = 2_000;

/**
 * What the servers' ACL logs say was denied to whom, one sentence each. A server that is away, or has come back
 * empty, has nothing to say of what was before.
 */
export async function deniedCommands(
  servers: Readonly<Record<RedisName, StackRedis>>,
): Promise<string[]> {
  const logs = await Promise.all(
    redisNames.map(async (name) =>
      (await aclLog(servers[name].url)).map((entry) => `redis-${name}: ${sentence(entry)}`),
    ),
  );
  return logs.flat();
}

function sentence({ username, reason, object, context, count }: Record<string, string>): string {
  return `${username} was denied the ${reason} ${object} (${context}) ${count} times`;
}

async function aclLog(url: string): Promise<Record<string, string>[]> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    protocol: 2,
  });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch {
    return [];
  }
  try {
    const entries = (await client.call('ACL', 'LOG', 128)) as unknown[][];
    return entries.map(fields);
  } finally {
    client.disconnect();
  }
}

function fields(entry: unknown[]): Record<string, string> {
  return Object.fromEntries(
    entry.flatMap((name, index) => (index % 2 ? [] : [[name, String(entry[index + 1])]])),
  );
}
