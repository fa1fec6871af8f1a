import { AppError } from '@shortstack/errors';
import type { RedisConnection } from './connect-redis.ts';
import { replyCode } from './redis-errors.ts';

/** A command that changes nothing, and its arguments. */
export type TrialCommand = readonly [command: string, ...args: string[]];

/**
 * For the start of a process: whether it may work with a server at all. An outage is no reason not to start: resolves once the trial
 * succeeds, and when the server is away after `timeoutMs` (default 1,000). One round trip.
 *
 * Rejects where waiting can't help: with `REDIS_AUTH_FAILED` or `REDIS_TLS_FAILED` like `ready`, and with `REDIS_GRANT_MISSING`
 * (kind `internal`) when the server doesn't permit the trial to this user.
 */
export async function checkAccess(
  connection: RedisConnection,
  [command, ...args]: TrialCommand,
  timeoutMs = 1_000,
): Promise<void> {
  const { name } = connection;
  try {
    await connection.ready(timeoutMs);
    await connection.run((client) => client.call(command, ...args));
  } catch (error) {
    if (error instanceof AppError && error.code === 'REDIS_UNAVAILABLE') return;
    if (replyCode(error) !== 'NOPERM') throw error;
    const sentence = `Redis (${name}) does not permit ${command.toUpperCase()} on ${args.join(' ')} to the user of this service: a grant is missing.`;
    throw new AppError('internal', 'REDIS_GRANT_MISSING', sentence, { cause: error });
  }
}
