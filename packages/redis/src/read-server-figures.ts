import type { RedisConnection } from './connect-redis.ts';
import { replyCode } from './redis-errors.ts';

/** What a server tells of itself. What the user may not read (NOPERM) or the server doesn't know is left out. */
export interface ServerFigures {
  usedMemoryBytes?: number;
  /** 0: no limit. */
  maxMemoryBytes?: number;
  /** 0 with `noeviction`: at the limit writes fail. Else 1. */
  mayEvict?: number;
  /** Since the start of the server, as are all that follow in the past tense. */
  evictedKeys?: number;
  rejectedConnections?: number;
  connectedClients?: number;
  commandsProcessed?: number;
  /** 1 with the append-only file on, else 0. */
  aofEnabled?: number;
  /** 1 unless the last write to the append-only file failed; then 0, and the server refuses writes. */
  aofWriteOk?: number;
  /** 1 unless its last rewrite failed, else 0: then it grows. */
  aofRewriteOk?: number;
  /** 1 unless the last snapshot failed, else 0. */
  snapshotOk?: number;
  /** Commands in SLOWLOG, which keeps a limited number. */
  slowCommands?: number;
  /** What the newest of them took. */
  newestSlowCommandMs?: number;
  /** Sign-ins, commands, keys and channels refused: since the start of the server from Redis 7.2 on, else in ACL LOG. */
  aclDenials?: number;
}

/** Entry of SLOWLOG GET: id, Unix time, microseconds, … */
type SlowCommand = [number, number, number, ...unknown[]];

/**
 * Reads INFO of one server (of a Cluster: of any) for metrics, and with `logs` SLOWLOG and ACL LOG too, which takes a user with
 * `+slowlog|len +slowlog|get +acl|log` lest asking be refused itself. All is sent at once. Rejects with `REDIS_UNAVAILABLE` when
 * Redis is away.
 */
export async function readServerFigures(
  connection: RedisConnection,
  { logs = false }: { logs?: boolean } = {},
): Promise<ServerFigures> {
  const [info = '', fromLogs] = await Promise.all([
    permitted(connection.run((client) => client.info())),
    logs ? readLogs(connection) : undefined,
  ]);
  return { ...fromLogs, ...withoutGaps(infoFigures(info)) };
}

async function readLogs(connection: RedisConnection): Promise<ServerFigures> {
  const [slowCommands, newest, denials] = await Promise.all([
    permitted(connection.run((client) => client.slowlog('LEN'))),
    permitted(connection.run((client) => client.slowlog('GET', 1) as Promise<SlowCommand[]>)),
    permitted(connection.run((client) => client.acl('LOG', 128) as Promise<unknown[][]>)),
  ]);
  const newestMicroseconds = newest?.[0]?.[2];
  return withoutGaps({
    slowCommands: slowCommands === undefined ? undefined : Number(slowCommands),
    newestSlowCommandMs: newestMicroseconds === undefined ? undefined : newestMicroseconds / 1_000,
    aclDenials: denials?.reduce((sum, entry) => sum + countOf(entry), 0),
  });
}

function infoFigures(info: string) {
  const text = (field: string) => new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const number = (field: string) => {
    const value = text(field);
    return value === undefined ? undefined : Number(value);
  };
  const isOk = (field: string) => {
    const value = text(field);
    return value === undefined ? undefined : Number(value === 'ok');
  };
  const policy = text('maxmemory_policy');
  const denials = info.matchAll(/^acl_access_denied_\w+:(\d+)/gm).map(([, count]) => Number(count));
  const [first, ...others] = denials;
  return {
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory'),
    mayEvict: policy === undefined ? undefined : Number(policy !== 'noeviction'),
    evictedKeys: number('evicted_keys'),
    rejectedConnections: number('rejected_connections'),
    connectedClients: number('connected_clients'),
    commandsProcessed: number('total_commands_processed'),
    aofEnabled: number('aof_enabled'),
    aofWriteOk: isOk('aof_last_write_status'),
    aofRewriteOk: isOk('aof_last_bgrewrite_status'),
    snapshotOk: isOk('rdb_last_bgsave_status'),
    aclDenials: first === undefined ? undefined : others.reduce((sum, each) => sum + each, first),
  };
}

/** An entry of ACL LOG: names and values in turn. */
function countOf(entry: readonly unknown[]): number {
  return Number(entry[entry.indexOf('count') + 1]);
}

function withoutGaps(
  figures: Partial<Record<keyof ServerFigures, number | undefined>>,
): ServerFigures {
  return Object.fromEntries(
    Object.entries(figures).filter(([, value]) => value !== undefined),
  ) as ServerFigures;
}

async function permitted<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (replyCode(error) === undefined) throw error;
    return undefined;
  }
}
