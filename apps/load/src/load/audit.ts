import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { compareClicks, countBits, type SentByThread } from './compare-clicks.ts';

/** Redirects answered against clicks counted, request by request. */
export interface Audit {
  answered: number;
  /** Answered, and counted exactly once. */
  countedOnce: number;
  /** Answered, and counted nowhere. */
  lost: number;
  /** Requests that were counted more than once. */
  doubled: number;
  /** Counted, though the answer was no redirect. */
  refusedButCounted: number;
  /** No complete answer was seen (timeout, broken connection): the service may have answered or not. */
  unanswered: number;
  /** Of these, counted: the answer was lost on its way, or came after the timeout. No fault. */
  unansweredButCounted: number;
  /** Counted under an id of this run that was never sent. Should be none. */
  invented: number;
  /** From the end of the run until the last click was seen in the table, in ms. */
  settledAfterMs: number;
}

/** Why there is no audit. */
export interface NoAudit {
  notDone: string;
  /** It was asked for. */
  isFault: boolean;
}

/** Nothing lost, nothing doubled, nothing counted that was none. */
export function isExact({ lost, doubled, refusedButCounted, invented }: Audit): boolean {
  return lost + doubled + refusedButCounted + invented === 0;
}

export interface AuditOptions {
  /** Of a role that may read `clicks`; nothing is written. */
  databaseUrl: string;
  runId: string;
  /** By the database's clock: see `databaseTime`. */
  startedAt: Date;
  threads: readonly SentByThread[];
  /** How long the count may stand still while clicks are missing: then they are lost. */
  settleMs: number;
}

/** How far the clocks of the redirect hosts may be off the database's. */
const clockSkewMs = 600_000;
const pollMs = 500;

/**
 * Reads the ids of the run's clicks from PostgreSQL and compares them with what the generator saw. Waits until as many are counted as
 * were answered, however long it takes while more keep coming, and once more until the count stands still, so that doubles have time to
 * show. Memory is bits per request, not strings. Reads only the partitions of the run's days, whole: on a table of many
 * millions of clicks a day each look takes seconds.
 */
export async function auditClicks(options: AuditOptions): Promise<Audit> {
  const { databaseUrl, runId, threads, settleMs } = options;
  const since = new Date(options.startedAt.getTime() - clockSkewMs);
  const answered = threads.reduce((sum, thread) => sum + countBits(thread.answered), 0);
  const client = await connect(databaseUrl);
  try {
    const endedAt = performance.now();
    let settledAt = endedAt;
    let before = -1;
    for (;;) {
      const lookedAt = performance.now();
      const count = await countClicks(client, runId, since);
      if (count !== before) settledAt = lookedAt;
      const standsStill = count === before;
      if (standsStill && (count >= answered || lookedAt - settledAt > settleMs)) break;
      before = count;
      // A look may be dear: at most half of the time goes into looking.
      await wait(Math.max(pollMs, performance.now() - lookedAt));
    }
    const figures = await compareClicks(client, { runId, since, threads });
    return { answered, ...figures, settledAfterMs: settledAt - endedAt };
  } finally {
    await client.end();
  }
}

/** What the database's clock says; rejects if the role may not read clicks, so that one learns it before the run. */
export async function databaseTime(databaseUrl: string): Promise<Date> {
  const client = await connect(databaseUrl);
  try {
    const { rows } = await client.query<{ now: Date }>(
      'SELECT now() FROM (SELECT count(*) FROM (SELECT FROM clicks LIMIT 1) AS click) AS one',
    );
    return rows[0]?.now ?? new Date();
  } finally {
    await client.end();
  }
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'shortstack load audit',
    connectionTimeoutMillis: 5_000,
    statement_timeout: 600_000,
    options: '-c default_transaction_read_only=on',
  });
  await client.connect();
  return client;
}

async function countClicks(client: Client, runId: string, since: Date): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'SELECT count(*) FROM clicks WHERE clicked_at >= $1 AND starts_with(request_id, $2)',
    [since, `${runId}-`],
  );
  return Number(rows[0]?.count);
}
