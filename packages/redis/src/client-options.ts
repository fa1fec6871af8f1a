import type { ClusterOptions, RedisOptions } from 'ioredis';

export type RedisPreset = 'fail-fast' | 'patient';

/** What each preset means to ioredis, for a connection to one server. Times in milliseconds. */
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
    retryStrategy: reconnectStrategy,
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

/** How to find the master: each question to a Sentinel may take as long as connecting. */
export function sentinelOptions(connectTimeoutMs: number): RedisOptions {
  return {
    sentinelCommandTimeout: connectTimeoutMs,
    sentinelRetryStrategy: reconnectStrategy,
    // A master that has become a replica: the Sentinels know the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

/** What each preset means for a Cluster, beside the options of its connections. */
export function clusterOptions(preset: RedisPreset, connectTimeoutMs: number): ClusterOptions {
  const patient = preset === 'patient';
  const retryDelayMs = patient ? 100 : 0;
  return {
    clusterRetryStrategy: reconnectStrategy,
    enableOfflineQueue: patient,
    maxRedirections: patient ? Number.POSITIVE_INFINITY : 16,
    // ioredis sends a command again after these, though it may have run; 0 leaves that to the caller.
    retryDelayOnFailover: retryDelayMs,
    retryDelayOnClusterDown: retryDelayMs,
    retryDelayOnMoved: retryDelayMs,
    slotsRefreshTimeout: connectTimeoutMs,
    slotsRefreshInterval: 2_000,
    // Nodes keep the names that they announce, which their certificates hold.
    dnsLookup: (address, callback) => callback(null, address),
  };
}

function reconnectStrategy(attempt: number): number {
  return reconnectDelayMs(attempt, Math.random);
}

/**
 * Exponential backoff with full jitter: between 50 ms and a ceiling that doubles from 100 ms to 2 s.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(2_000, 50 * 2 ** attempt);
  return Math.round(50 + random() * (ceilingMs - 50));
}
