import { createSampler } from './create-sampler.ts';
import type { Metrics } from './metrics.ts';

const metricsOfFigures = {
  usedMemoryBytes: ['memory_used_bytes', 'Memory in use', 'gauge'],
  maxMemoryBytes: ['memory_max_bytes', 'Limit of the memory; 0 is none', 'gauge'],
  mayEvict: ['may_evict', 'Whether keys are evicted at the limit; else writes fail', 'gauge'],
  evictedKeys: ['evicted_keys', 'Keys evicted for want of memory', 'counter'],
  rejectedConnections: ['rejected_connections', 'Connections refused at maxclients', 'counter'],
  connectedClients: ['connected_clients', 'Connections open', 'gauge'],
  commandsProcessed: ['commands', 'Commands run', 'counter'],
  aofEnabled: ['aof_enabled', 'Whether the append-only file is on', 'gauge'],
  aofWriteOk: ['aof_write_ok', 'Whether the last write to the append-only file went well', 'gauge'],
  aofRewriteOk: ['aof_rewrite_ok', 'Whether its last rewrite went well', 'gauge'],
  snapshotOk: ['snapshot_ok', 'Whether the last snapshot went well', 'gauge'],
  slowCommands: ['slow_commands', 'Commands in SLOWLOG', 'gauge'],
  newestSlowCommandMs: [
    'newest_slow_command_ms',
    'What the newest command in SLOWLOG took',
    'gauge',
  ],
  aclDenials: ['acl_denials', 'Sign-ins, commands, keys and channels refused', 'counter'],
} as const;

/** What `readServerFigures` of the Redis package reads. */
export type RedisServerFigures = { [Name in keyof typeof metricsOfFigures]?: number };

/**
 * Adds the metrics `shortstack_redis_server_…` of Redis servers, each with its role as a label, read anew every 5 s. What is not
 * known, as of a server that is away, is left out of the scrape. Returns how to stop.
 */
export function observeRedisServers(
  metrics: Metrics,
  servers: Readonly<Record<string, () => Promise<RedisServerFigures>>>,
): () => Promise<void> {
  const samplers = Object.entries(servers).map(
    ([role, read]) => [role, createSampler(read)] as const,
  );
  for (const figure of Object.keys(metricsOfFigures) as (keyof RedisServerFigures)[]) {
    const [name, help, type] = metricsOfFigures[figure];
    metrics.observe(`shortstack_redis_server_${name}`, help, type, () =>
      samplers.flatMap(([role, sampler]) => {
        const value = sampler.latest()?.[figure];
        return value === undefined ? [] : [{ value, attributes: { role } }];
      }),
    );
  }
  return async () => {
    await Promise.all(samplers.map(([, sampler]) => sampler.close()));
  };
}
