import type { CircuitBreaker } from '@shortstack/redis';
import type { Pool } from 'pg';

export interface WatchReplicaOptions {
  primary: { pool: Pool; breaker: CircuitBreaker };
  replica: { pool: Pool; breaker: CircuitBreaker };
  /** Default 500 ms. */
  pollEveryMs?: number;
}

export interface ReplicaWatch {
  /** Whether a query that is sent to the replica now sees all that was committed up to `maxLagMs` ago. */
  isFresh(): boolean;
  close(): Promise<void>;
}

/** How old the replica's state may be. Far below the 5 s after which a changed link is served nowhere as it was. */
export const maxLagMs = 2_000;

/**
 * Knows how far the replica lags, by comparing positions in the log instead of clocks: asks the primary how far its log reaches,
 * then the replica whether it has replayed that much. If so, whatever the replica is asked afterwards it answers with
 * the primary's state of the first question, or a later one. Without an answer of both for `maxLagMs`, or from a server
 * that is no replica, it is not fresh.
 * @see https://www.postgresql.org/docs/17/functions-admin.html pg_last_wal_replay_lsn
 */
export function watchReplica(options: WatchReplicaOptions): ReplicaWatch {
  const { primary, replica, pollEveryMs = 500 } = options;
  let freshAsOf = Number.NEGATIVE_INFINITY;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function compare(): Promise<void> {
    const askedAt = performance.now();
    const { rows } = await primary.breaker.run(() =>
      primary.pool.query<{ position: string }>({
        name: 'log-position',
        text: 'SELECT pg_current_wal_insert_lsn() AS position',
      }),
    );
    const answer = await replica.breaker.run(() =>
      replica.pool.query<{ has_it: boolean | null }>({
        name: 'has-replayed',
        text: 'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS has_it',
        values: [rows[0]?.position],
      }),
    );
    if (answer.rows[0]?.has_it === true) freshAsOf = askedAt;
  }

  async function turn(): Promise<void> {
    // The breakers and readiness tell of what is away.
    await compare().catch(() => undefined);
    if (isClosed) return;
    timer = setTimeout(() => {
      comparing = turn();
    }, pollEveryMs);
  }
  let comparing = turn();

  return {
    isFresh: () => performance.now() - freshAsOf <= maxLagMs,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await comparing;
    },
  };
}
