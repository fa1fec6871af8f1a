import { AppError, unavailable } from '@shortstack/errors';
import { type CircuitBreaker, createBreaker } from './circuit-breaker.ts';
import type { RedisPreset } from './client-options.ts';
import { countConnections } from './count-connections.ts';
import { createWriteGatherer } from './gather-writes.ts';
import { onConnectionError, openClient, ping, type RedisClient } from './open-client.ts';
import {
  isAuthError,
  isAway,
  isUnavailableReply,
  redisUnavailable,
  replyCode,
  tlsFault,
  withoutArguments,
} from './redis-errors.ts';
import type { RedisTarget } from './redis-target.ts';
import { report } from './report.ts';
import { untilReady } from './until-ready.ts';
import { withDeadline } from './with-deadline.ts';

/** A connection to one Redis role. */
export interface RedisConnection {
  /** The role, for messages and metrics: `session`, `hub`, `cache`, `jobs`. */
  readonly name: string;
  /**
   * The ioredis client, for what `run` doesn't fit: BullMQ, subscriptions, blocking reads. Its commands have no deadline of
   * their own; a `fail-fast` one ends with its connection, which is broken off after 2 s of silence.
   */
  readonly client: RedisClient;
  readonly breaker: CircuitBreaker;
  /**
   * Runs commands through the breaker, within the command timeout (which covers all that `command` does).
   *
   * Rejects with an `AppError` of kind `unavailable`, code `REDIS_UNAVAILABLE`, when Redis is away, slow,
   * loading, full (OOM) or unable to write to disk (MISCONF); at once while it is not connected or the breaker is open.
   * A command that timed out may still have run. Full and MISCONF don't open the breaker, since reads still work.
   * Every other error that Redis answers passes through without its arguments and is no failure: WRONGTYPE, NOPERM,
   * script errors, and READONLY (see `isReadOnlyError`).
   *
   * A `patient` connection has no deadline unless `commandTimeoutMs` was given, and waits while not connected.
   */
  run<T>(command: (client: RedisClient) => Promise<T>): Promise<T>;
  /**
   * Resolves once connected. Rejects with `REDIS_AUTH_FAILED` as soon as the server refuses the user or password, with
   * `REDIS_TLS_FAILED` as soon as its certificate is the wrong one, with `REDIS_UNAVAILABLE` after `timeoutMs` (default 10,000). Connecting goes on either way.
   */
  ready(timeoutMs?: number): Promise<void>;
  /** One PING through `run`, within the command timeout also on a `patient` connection. For readiness. */
  probe(): Promise<void>;
  /** Waits up to the command timeout for open replies (`patient`: not at all) and disconnects. */
  close(): Promise<void>;
}

export interface ConnectRedisOptions extends RedisTarget {
  /** The role: `session`, `hub`, `cache`, `jobs`. */
  name: string;
  /**
   * `fail-fast` (default): for requests; no offline queue, no retries. `patient`: for BullMQ workers and blocking readers;
   * waits for the server as long as it takes; a command may block for at most 25 s.
   */
  preset?: RedisPreset;
  /** Default 1,000. */
  connectTimeoutMs?: number;
  /** Default 200; `patient`: none. */
  commandTimeoutMs?: number;
  /** The version of Redis's protocol. Default 3. */
  protocol?: 2 | 3;
  /** Whether commands that `run` sends in one turn of the event loop leave in one write. Default: each by itself. */
  gatherWrites?: boolean;
}

/**
 * Opens a connection to a server, a Cluster or the master that Sentinels name in the background and keeps it open: reconnects after 50 ms to 2 s, with jitter.
 * Throws `REDIS_URL_INVALID` at once; nothing else is thrown here. The breaker opens after three failures in a row
 * or when the connection closes, and closes on reconnection or after a PING of its own, tried each 500 ms: no caller is ever
 * the one who tries.
 */
export function connectRedis(options: ConnectRedisOptions): RedisConnection {
  const { name, preset = 'fail-fast', connectTimeoutMs = 1_000, protocol = 3 } = options;
  const patient = preset === 'patient';
  const probeTimeoutMs = options.commandTimeoutMs ?? 200;
  const deadlineMs = patient ? options.commandTimeoutMs : probeTimeoutMs;
  const opened = openClient(options, {
    preset,
    connectTimeoutMs,
    commandTimeoutMs: probeTimeoutMs,
    connectionName: name,
    protocol,
  });
  const client = countConnections(opened, name);
  const gatherWrites = options.gatherWrites ? createWriteGatherer(client) : undefined;
  let lastError: unknown;

  const breaker = createBreaker({
    name: `Redis (${name})`,
    isFailure: isAway,
    probe: () => bounded(ping(client), probeTimeoutMs),
  });
  breaker.onStateChange((to) => report('redis.breaker_transitions', { connection: name, to }));
  onConnectionError(client, (error) => {
    lastError = withoutArguments(error);
    const reason = replyCode(error) ?? ('code' in error ? String(error.code) : error.name);
    report('redis.connection_errors', { connection: name, reason });
  });
  client.on('ready', () => {
    lastError = undefined;
    breaker.reset();
  });
  client.on('close', () => {
    if (!patient) breaker.trip();
  });

  function bounded<T>(work: Promise<T>, timeoutMs: number | undefined): Promise<T> {
    if (timeoutMs === undefined) return work;
    return withDeadline(work, timeoutMs, () =>
      redisUnavailable(name, new Error(`No answer from Redis within ${timeoutMs} ms`)),
    );
  }

  async function run<T>(command: (client: RedisClient) => Promise<T>, timeoutMs = deadlineMs) {
    try {
      return await breaker.run(async () => {
        // ioredis would refuse too, but a pipeline "succeeds" with an error per command.
        if (!patient && client.status !== 'ready') throw redisUnavailable(name, lastError);
        gatherWrites?.();
        const result = await bounded(command(client), timeoutMs);
        throwIfCutOff(result);
        return result;
      });
    } catch (error) {
      throw toCallersError(name, error);
    }
  }

  return {
    name,
    client,
    breaker,
    run: (command) => run(command),
    async ready(timeoutMs = 10_000) {
      const error = await untilReady(client, timeoutMs, isRefusal);
      if (error === undefined) return;
      const cause = error ?? lastError;
      const fault = tlsFault(cause);
      if (fault !== undefined) {
        throw unavailable('REDIS_TLS_FAILED', `Redis (${name}) ${fault}.`, { cause });
      }
      if (!isAuthError(cause)) throw redisUnavailable(name, cause);
      throw unavailable(
        'REDIS_AUTH_FAILED',
        `Redis (${name}) refused the user name or the password of this service.`,
        { cause },
      );
    },
    async probe() {
      await run(ping, probeTimeoutMs);
    },
    async close() {
      breaker.close();
      if (!patient && client.status === 'ready') {
        await bounded(client.quit(), probeTimeoutMs).catch(() => {});
      }
      client.disconnect();
    },
  };
}

/** Whether trying again would meet with the same. */
function isRefusal(error: unknown): boolean {
  return isAuthError(error) || tlsFault(error) !== undefined;
}

/** A pipeline resolves even where the connection broke under it: its last reply tells. */
function throwIfCutOff(result: unknown): void {
  const last: unknown = Array.isArray(result) ? result.at(-1) : undefined;
  const error: unknown = Array.isArray(last) ? last[0] : undefined;
  if (error instanceof Error && isAway(error)) throw error;
}

function toCallersError(name: string, error: unknown): unknown {
  if (error instanceof AppError) {
    return error.code === 'CIRCUIT_OPEN' ? redisUnavailable(name, error) : error;
  }
  if (replyCode(error) !== undefined && !isUnavailableReply(error)) return withoutArguments(error);
  return redisUnavailable(name, error);
}
