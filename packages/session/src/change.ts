import { unavailable } from '@shortstack/errors';
import { isReadOnlyError, type RedisClient, type RedisConnection } from '@shortstack/redis';

/** Runs a change. One that a read-only Redis refuses is an outage to the caller, too. */
export async function change<T>(
  redis: RedisConnection,
  command: (client: RedisClient) => Promise<T>,
): Promise<T> {
  try {
    return await redis.run(command);
  } catch (error) {
    if (!isReadOnlyError(error)) throw error;
    throw unavailable('SESSIONS_READ_ONLY', 'Sessions can’t be changed at the moment.', {
      cause: error,
    });
  }
}
