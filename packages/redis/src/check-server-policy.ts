import { AppError } from '@shortstack/errors';
import type { RedisConnection } from './connect-redis.ts';
import { replyCode } from './redis-errors.ts';

/** How a server has to be set up for its role. */
export interface ServerPolicy {
  /** For example `noeviction` or `allkeys-lfu`. */
  maxmemoryPolicy: string;
  /** Whether the append-only file is on. */
  appendonly: boolean;
  /** Whether a limit of its memory must be set (`maxmemory`). Default: either will do. */
  limited?: boolean;
  /** Needs the right to CONFIG GET: without it there is a sentence that says so. Default: not checked. */
  appendfsync?: 'always' | 'everysec' | 'no';
  /** Throw rather than warn when keys may be evicted against `noeviction`. Default: for a connection named `jobs`. */
  refuseEviction?: boolean;
}

/**
 * Compares a server with what its role needs, at start. Resolves with one sentence per mismatch, empty when all fits;
 * what the server doesn't let us read (managed servers) becomes such a sentence too.
 *
 * Throws an `AppError` of kind `internal`, code `REDIS_POLICY_REFUSED`, when jobs would live on a server that evicts keys:
 * BullMQ's locks carry TTLs and would be the first to go. Rejects with `REDIS_UNAVAILABLE` when Redis is away. Two round trips.
 */
export async function checkServerPolicy(
  connection: RedisConnection,
  expected: ServerPolicy,
): Promise<string[]> {
  const { name } = connection;
  const info = await readInfo(connection);
  const evicting = expected.maxmemoryPolicy === 'noeviction' && info.policy !== 'noeviction';
  if (evicting && info.policy !== undefined && (expected.refuseEviction ?? name === 'jobs')) {
    throw new AppError(
      'internal',
      'REDIS_POLICY_REFUSED',
      `Redis (${name}) may evict keys (maxmemory-policy ${info.policy}); this role needs noeviction.`,
    );
  }
  const fsync = expected.appendfsync && (await readAppendfsync(connection));
  return [
    mismatch(name, 'maxmemory-policy', info.policy, expected.maxmemoryPolicy),
    mismatch(name, 'appendonly', info.appendonly, expected.appendonly ? 'yes' : 'no'),
    expected.limited && info.limited === false
      ? `Redis (${name}): maxmemory is not set; this role expects a limit.`
      : undefined,
    expected.appendfsync && mismatch(name, 'appendfsync', fsync, expected.appendfsync),
  ].filter((warning) => warning !== undefined);
}

/**
 * Calls `warn` with each mismatch, once the connection is ready and whenever it is again: the server may be another one then, or
 * have come back with other settings. For roles whose mismatches are no reason to stop. Never throws.
 *
 * @returns stops it.
 */
export function warnOfServerPolicy(
  connection: RedisConnection,
  expected: ServerPolicy,
  warn: (warning: string) => void,
): () => void {
  let told = '';
  const check = async () => {
    const warnings = await checkServerPolicy(connection, { ...expected, refuseEviction: false });
    if (warnings.join() !== told) for (const warning of warnings) warn(warning);
    told = warnings.join();
  };
  const onReady = () => void check().catch(() => {});
  connection.client.on('ready', onReady);
  if (connection.client.status === 'ready') onReady();
  return () => void connection.client.off('ready', onReady);
}

function mismatch(name: string, setting: string, actual: string | undefined, expected: string) {
  if (actual === expected) return undefined;
  const found = actual === undefined ? 'could not be read' : `is ${actual}`;
  return `Redis (${name}): ${setting} ${found}; this role expects ${expected}.`;
}

async function readInfo(connection: RedisConnection) {
  const text = await orUndefined(connection.run((client) => client.info()));
  const field = (key: string) => new RegExp(`^${key}:(.*?)\\r?$`, 'm').exec(text ?? '')?.[1];
  const aof = field('aof_enabled');
  const limit = field('maxmemory');
  return {
    policy: field('maxmemory_policy'),
    appendonly: aof === undefined ? undefined : aof === '1' ? 'yes' : 'no',
    limited: limit === undefined ? undefined : limit !== '0',
  };
}

async function readAppendfsync(connection: RedisConnection): Promise<string | undefined> {
  const reply = await orUndefined(
    connection.run((client) => client.config('GET', 'appendfsync') as Promise<string[]>),
  );
  return reply?.[1];
}

/** An answer "no" (NOPERM, unknown command) is undefined; Redis being away still rejects. */
async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (replyCode(error) === undefined) throw error;
    return undefined;
  }
}
