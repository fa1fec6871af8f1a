import { Redis } from 'ioredis';

/** Sends one command to a Redis server over a connection of its own, to see or do what no service offers. */
export async function redisCommand(
  url: string,
  command: string,
  ...args: (string | number)[]
): Promise<unknown> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    // A server that loads its data is asked, too.
    enableReadyCheck: false,
  });
  try {
    await client.connect();
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}
