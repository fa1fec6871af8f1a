import type { Metrics } from './create-metrics.ts';

const metricsOfFigures = {
  usedMemoryBytes: ['memory_used_bytes', 'Memory in use', 'gauge'],
  maxMemoryBytes: ['memory_max_bytes', 'Limit of the memory; 0 is none', 'gauge'],
  evictedKeys: ['evicted_keys', 'Keys evicted for want of memory', 'counter'],
  rejectedConnections: ['rejected_connections', 'Connections refused at maxclients', 'counter'],
  connectedClients: ['connected_clients', 'Connections open', 'gauge'],
  commandsProcessed: ['commands', 'Commands run', 'counter'],
  aofEnabled: ['aof_enabled', 'Whether the append-only file is on', 'gauge'],
  aofWriteOk: ['aof_write_ok', 'Whether the last write to the append-only file went well', 'gauge'],
  snapshotOk: ['snapshot_ok', 'Whether the last snapshot went well', 'gauge'],
  slowCommands: ['slow_commands', 'Commands in SLOWLOG', 'gauge'],
  newestSlowCommandMs: [
    'newest_slow_command_ms',
    'What the newest command in SLOWLOG took',
    'gauge',
  ],
  aclDenials: ['acl_denials', 'Refusals in ACL LOG', 'gauge'],
} as const;

/** What `readServerFigures` of the Redis package reads. */
export type RedisServerFigures = { [Name in keyof typeof metricsOfFigures]?: number };

/**
 * Adds the metrics `shortstack_redis_server_…` of one Redis server, with its role as a label. `latest` gives the figures last
 * read; what it lacks is left out of the scrape.
 */
export function observeRedisServer(
  metrics: Metrics,
  role: string,
  latest: () => RedisServerFigures | undefined,
): void {
  for (const figure of Object.keys(metricsOfFigures) as (keyof RedisServerFigures)[]) {
    const [name, help, type] = metricsOfFigures[figure];
    metrics.observe(`shortstack_redis_server_${name}`, help, type, () => {
      const value = latest()?.[figure];
      return value === undefined ? [] : [{ value, attributes: { role } }];
    });
  }
}
