import { Redis } from 'ioredis';
import { Client, type ClientConfig } from 'pg';
import { onTestFinished } from 'vitest';

/** A client that is disconnected when the current test ends. */
export function redisClient(url: string, options: { commandTimeout?: number } = {}): Redis {
  const client = new Redis(url, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    ...options,
  });
  client.on('error', () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** A connection that is closed when the current test ends. */
export async function postgresClient(url: string, options: ClientConfig = {}): Promise<Client> {
  const client = new Client({ connectionString: url, ...options });
  client.on('error', () => {});
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
