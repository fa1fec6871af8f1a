import type { RedisConnection } from './connect-redis.ts';
import { replyCode } from './redis-errors.ts';

/** What a server tells of itself. What the user may not read (NOPERM) or the server doesn't know is left out. */
export interface ServerFigures {
  usedMemoryBytes?: number;
  /** 0: no limit. */
  maxMemoryBytes?: number;
  /** Since the start of the server, as are all that follow in the past tense. */
  evictedKeys?: number;
  rejectedConnections?: number;
  connectedClients?: number;
  commandsProcessed?: number;
  /** 1 with the append-only file on, else 0. */
  aofEnabled?: number;
  /** 1 unless the last write to the append-only file failed; then 0, and the server refuses writes. */
  aofWriteOk?: number;
  /** 1 unless the last snapshot failed, else 0. */
  snapshotOk?: number;
  /** Commands in SLOWLOG, which keeps a limited number. */
  slowCommands?: number;
  /** What the newest of them took. */
  newestSlowCommandMs?: number;
  /** Refusals in ACL LOG, which keeps 128 kinds: falls when it is reset. */
  aclDenials?: number;
}

/** Entry of SLOWLOG GET: id, Unix time, microseconds, … */
type SlowCommand = [number, number, number, ...unknown[]];

/**
 * Reads INFO, SLOWLOG and ACL LOG of one server (of a Cluster: of any) for metrics: four commands, sent at once. A user with `+info
 * +slowlog|len +slowlog|get +acl|log` gets all; one without any gets an empty object. Rejects with `REDIS_UNAVAILABLE` when Redis is
 * away.
 */
export async function readServerFigures(connection: RedisConnection): Promise<ServerFigures> {
  const [info, slowCommands, newest, denials] = await Promise.all([
    permitted(connection.run((client) => client.info())),
    permitted(connection.run((client) => client.slowlog('LEN'))),
    permitted(connection.run((client) => client.slowlog('GET', 1) as Promise<SlowCommand[]>)),
    permitted(connection.run((client) => client.acl('LOG', 128) as Promise<unknown[][]>)),
  ]);
  const newestMicroseconds = newest?.[0]?.[2];
  return withoutGaps({
    ...infoFigures(info ?? ''),
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
  return {
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory'),
    evictedKeys: number('evicted_keys'),
    rejectedConnections: number('rejected_connections'),
    connectedClients: number('connected_clients'),
    commandsProcessed: number('total_commands_processed'),
    aofEnabled: number('aof_enabled'),
    aofWriteOk: isOk('aof_last_write_status'),
    snapshotOk: isOk('rdb_last_bgsave_status'),
  };
}

/** An entry of ACL LOG: names and values in turn. */
function countOf(entry: readonly unknown[]): number {
  return Number(entry[entry.indexOf('count') + 1]);
}

function withoutGaps(figures: Record<keyof ServerFigures, number | undefined>): ServerFigures {
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
