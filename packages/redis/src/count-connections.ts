import { Redis } from 'ioredis';
import type { RedisClient } from './open-client.ts';
import { reportChange } from './report.ts';

/**
 * Reports each connection that the client opens and closes, also those of its duplicates (BullMQ, subscribers) and of the nodes of
 * a Cluster. Not the one that ioredis opens by itself for subscriptions to a Cluster.
 */
export function countConnections<Client extends RedisClient>(client: Client, name: string): Client {
  const duplicate = client.duplicate.bind(client) as (...options: unknown[]) => RedisClient;
  Object.assign(client, {
    duplicate: (...options: unknown[]) => countConnections(duplicate(...options), name),
  });
  if (client instanceof Redis) {
    let open = false;
    const change = (to: boolean) => {
      if (open === to) return;
      open = to;
      reportChange('redis.open_connections', to ? 1 : -1, { connection: name });
    };
    client.on('connect', () => change(true));
    client.on('close', () => change(false));
  } else {
    client.on('+node', (node: Redis) => countConnections(node, name));
  }
  return client;
}
