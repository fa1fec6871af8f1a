import type { RedisOptions } from 'ioredis';

export type RedisPreset = 'fail-fast' | 'patient';

/** What each preset means to ioredis. Times in milliseconds. */
export function clientOptions(
  preset: RedisPreset,
  timeouts: { connectTimeoutMs: number; commandTimeoutMs: number },
): RedisOptions {
  const shared: RedisOptions = {
    connectTimeout: timeouts.connectTimeoutMs,
    // How long a closed socket may wait for a peer that no longer answers.
    disconnectTimeout: 200,
    keepAlive: 10_000,
    disableClientInfo: true,
    retryStrategy: (attempt) => reconnectDelayMs(attempt, Math.random),
  };
  if (preset === 'patient') {
    return {
      ...shared,
      maxRetriesPerRequest: null,
      // Finds a peer that vanished without a word. Longer than any command may block.
      socketTimeout: 30_000,
    };
  }
  return {
    ...shared,
    // No `commandTimeout`: `run` has the deadline. ioredis's own would not read a reply first that lies in the socket.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // A command that may have run must not run again behind its caller's back.
    autoResendUnfulfilledCommands: false,
    socketTimeout: Math.max(2_000, 2 * timeouts.commandTimeoutMs),
  };
}

/**
 * Exponential backoff with full jitter: between 50 ms and a ceiling that doubles from 100 ms to 2 s.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(2_000, 50 * 2 ** attempt);
  return Math.round(50 + random() * (ceilingMs - 50));
}
