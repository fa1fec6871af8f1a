import { setTimeout as delay } from 'node:timers/promises';
import { asAvailabilityError, isDatabaseUnavailable, outboxChannel } from '@shortstack/db';
import { unavailable } from '@shortstack/errors';
import { Client, type QueryResultRow } from 'pg';

/** An outbox row as it goes through the event stream, its payload unparsed. */
interface OutboxEvent {
  id: string;
  type: string;
  json: string;
  occurredAt: string;
  traceparent: string | undefined;
}

interface OutboxRow extends Pick<OutboxEvent, 'id' | 'type' | 'json'> {
  at: Date;
  traceparent: string | null;
}

interface LockSession {
  client: Client;
  lost: AbortController;
}

/** "outb" in ASCII: the lock that makes one relay of a database the leader. */
const leaderLock = 0x6f757462;
const deleteChunk = 1_000;
const unpublishChunk = 5_000;
const endTimeoutMs = 1_000;

/**
 * The outbox as the relay needs it (`Outbox` of packages/events), over one connection of its own: leadership is an advisory lock of that session, and every statement
 * of the leader runs in it. So whoever has lost the session, even without knowing it, can neither read nor mark rows. The
 * same session listens to NOTIFY. It is opened when it is needed and given up at the first sign of trouble; a stand-by keeps it between its tries.
 *
 * Everything rejects with AppError `DATABASE_UNAVAILABLE` (kind `unavailable`) while PostgreSQL is away or the session is gone.
 */
export function createRelayOutbox(options: { url: string; applicationName: string }) {
  const listeners = new Set<() => void>();
  let session: LockSession | undefined;

  async function open(): Promise<LockSession> {
    if (session) return session;
    const client = new Client({
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: 1_000,
      statement_timeout: 4_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    const opened = { client, lost: new AbortController() };
    client.on('error', () => giveUp(opened));
    client.on('end', () => giveUp(opened));
    client.on('notification', () => {
      for (const listener of listeners) listener();
    });
    try {
      await client.connect();
    } catch (error) {
      giveUp(opened);
      throw asAvailabilityError(error);
    }
    session = opened;
    return opened;
  }

  function giveUp(lostSession: LockSession): void {
    if (session === lostSession) session = undefined;
    if (lostSession.lost.signal.aborted) return;
    lostSession.lost.abort();
    lostSession.client.end().catch(() => {});
  }

  async function end(ending: LockSession): Promise<void> {
    if (session === ending) session = undefined;
    const ended = ending.client.end().catch(() => {});
    await Promise.race([ended, delay(endTimeoutMs, undefined, { ref: false })]);
  }

  async function query<Row extends QueryResultRow>(text: string, values: unknown[] = []) {
    const current = session;
    if (!current) throw unavailable('DATABASE_UNAVAILABLE', 'The relay has lost its session.');
    try {
      return await current.client.query<Row>(text, values);
    } catch (error) {
      if (isDatabaseUnavailable(error)) giveUp(current);
      throw asAvailabilityError(error);
    }
  }

  return {
    async acquireLeadership(): Promise<{ lost: AbortSignal; release(): Promise<void> } | null> {
      const current = await open();
      const { rows } = await query<{ isMine: boolean }>(
        'SELECT pg_try_advisory_lock($1) AS "isMine"',
        [leaderLock],
      );
      if (rows[0]?.isMine !== true) return null;
      await query(`LISTEN ${outboxChannel}`);
      return { lost: current.lost.signal, release: () => end(current) };
    },
    async readUnpublished(limit: number): Promise<OutboxEvent[]> {
      const { rows } = await query<OutboxRow>(
        `SELECT id, type, payload::text AS json, created_at AS at, traceparent FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1`,
        [limit],
      );
      return rows.map(({ at, traceparent, ...event }) => ({
        ...event,
        occurredAt: at.toISOString(),
        traceparent: traceparent ?? undefined,
      }));
    },
    async markPublished(ids: readonly string[], publishedAt: Date): Promise<void> {
      await query('UPDATE outbox SET published_at = $2 WHERE id = ANY($1::bigint[])', [
        ids,
        publishedAt,
      ]);
    },
    async lastPublishedAt(): Promise<Date | null> {
      const { rows } = await query<{ at: Date | null }>(
        'SELECT max(published_at) AS at FROM outbox',
      );
      return rows[0]?.at ?? null;
    },
    /** In chunks, each a statement of its own: a crash in between leaves rows that the next leader finds lost as well. */
    unpublishAll: () =>
      repeat(unpublishChunk, () =>
        query(
          `UPDATE outbox SET published_at = NULL WHERE id IN
            (SELECT id FROM outbox WHERE published_at IS NOT NULL ORDER BY id LIMIT ${unpublishChunk})`,
        ),
      ),
    deletePublishedBefore: (time: Date) =>
      repeat(deleteChunk, () =>
        query(
          // By the time of creation, which has an index; a row is published after it was created.
          `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at < $1 AND published_at < $1
            ORDER BY created_at LIMIT ${deleteChunk})`,
          [time],
        ),
      ),
    /** Calls the listener at each NOTIFY while this process leads. Returns how to stop that. */
    wake(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close(): Promise<void> {
      if (session) await end(session);
    },
  };
}

/** Repeats a statement until it touches fewer rows than a chunk; resolves with the sum. */
async function repeat(
  chunk: number,
  statement: () => Promise<{ rowCount: number | null }>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const { rowCount } = await statement();
    total += rowCount ?? 0;
    if ((rowCount ?? 0) < chunk) return total;
  }
}
