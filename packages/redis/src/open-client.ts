import { Cluster, Redis, type RedisOptions } from 'ioredis';
import {
  clientOptions,
  clusterOptions,
  type RedisPreset,
  sentinelOptions,
} from './client-options.ts';
import { parseRedisUrl } from './parse-redis-url.ts';
import type { RedisTarget } from './redis-target.ts';

/** ioredis's client: `Cluster` for a Cluster, `Redis` for all else. Both have the same commands. */
export type RedisClient = Redis | Cluster;

/** Opens the client that the target's URL asks for, and connects it in the background. */
export function openClient(
  target: RedisTarget,
  options: {
    preset: RedisPreset;
    connectTimeoutMs: number;
    commandTimeoutMs: number;
    connectionName: string;
    protocol: 2 | 3;
  },
): RedisClient {
  const { preset, connectTimeoutMs, connectionName, protocol } = options;
  const parsed = parseRedisUrl(target);
  const shared = {
    ...clientOptions(preset, options),
    ...parsed.options,
    connectionName,
    protocol,
    replyMapping: 'legacy',
  } satisfies RedisOptions;
  if (parsed.kind === 'server') return new Redis(shared);
  if (parsed.kind === 'sentinel')
    return new Redis({ ...sentinelOptions(connectTimeoutMs), ...shared });

  const cluster = new Cluster(parsed.nodes, {
    ...clusterOptions(preset, connectTimeoutMs),
    redisOptions: shared,
  });
  // ioredis connects to a node when the first command needs it, and refuses all others until then.
  cluster.on('+node', (node: Redis) => {
    process.nextTick(() => {
      if (node.status === 'wait') node.connect().catch(() => {});
    });
  });
  return cluster;
}

/** Calls the listener with each error of a connection, also of one node of a Cluster. Returns how to stop that. */
export function onConnectionError(
  client: RedisClient,
  listener: (error: Error) => void,
): () => void {
  const emitter: NodeJS.EventEmitter = client;
  for (const event of ['error', 'node error']) emitter.on(event, listener);
  return () => {
    for (const event of ['error', 'node error']) emitter.off(event, listener);
  };
}

/** Asks whether the server works: PING; a node of a Cluster is asked whether the whole of it does. */
export async function ping(client: RedisClient): Promise<void> {
  if (client instanceof Redis) {
    await client.ping();
    return;
  }
  const info = await client.cluster('INFO');
  if (!info.includes('cluster_state:ok')) throw new Error('The Cluster does not serve all slots');
}
