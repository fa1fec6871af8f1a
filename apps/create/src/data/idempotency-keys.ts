import { createHash } from 'node:crypto';
import { AppError } from '@shortstack/errors';
import type { IdempotentRequest, KeptAnswer } from '../domain/idempotency.ts';
import type { GuardedDatabase, Sql, Transaction } from './guarded-database.ts';

/**
 * Does `work` in one transaction with keeping its answer: however often the request is repeated within 24 h, it is
 * done once and answered alike. An error is not kept.
 *
 * @throws AppError `IDEMPOTENCY_IN_PROGRESS` (kind `conflict`) while the first is under way,
 *   `IDEMPOTENCY_KEY_REUSED` (kind `unprocessable`) with another request, and what `work` throws.
 */
export function onceFor(
  database: GuardedDatabase,
  request: IdempotentRequest,
  work: (sql: Transaction) => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  return database.transactionSql(async (sql) => {
    await lock(sql, request);
    const kept = await find(sql, request);
    if (kept) return kept;
    const answer = await work(sql);
    await keep(sql, request, answer);
    return answer;
  });
}

/** HTTP's "processing": a mark that the first request is still arriving, no answer to give again. */
const arriving = 102;
/** Longer than any request may take to arrive: then the process that made the mark has died. */
const arrivingSeconds = 330;

/**
 * Marks a key as one whose request is still arriving, in the name of `claimant`, for a request that takes long before `onceFor` can
 * begin. It only spares work: `onceFor` alone decides what is done once. A key with a kept answer is left alone.
 *
 * @throws AppError `IDEMPOTENCY_IN_PROGRESS` (kind `conflict`) while another has marked it.
 */
export async function claimKey(
  sql: Sql,
  { accountId, key }: IdempotentRequest,
  claimant: string,
): Promise<void> {
  const claimed = await sql.query({
    name: 'claim-idempotency-key',
    text: `INSERT INTO idempotency_keys AS found (account_id, key, request_hash, status, body)
      VALUES ($1, $2, $3, ${arriving}, 'null')
      ON CONFLICT (account_id, key) DO UPDATE SET request_hash = excluded.request_hash,
        status = excluded.status, body = excluded.body, created_at = now()
      WHERE found.created_at < now() - CASE found.status WHEN ${arriving}
        THEN interval '${arrivingSeconds} seconds' ELSE interval '24 hours' END
      RETURNING 1`,
    values: [accountId, key, claimant],
  });
  if (claimed.length === 1) return;
  const claims = await sql.query({
    name: 'find-idempotency-claim',
    text: `SELECT FROM idempotency_keys WHERE account_id = $1 AND key = $2 AND status = ${arriving}`,
    values: [accountId, key],
  });
  if (claims.length === 1) throw inProgress();
}

/** Takes the mark of `claimant` away. Of no effect once `onceFor` has kept an answer. */
export async function releaseKey(
  sql: Sql,
  { accountId, key }: IdempotentRequest,
  claimant: string,
): Promise<void> {
  await sql.query({
    name: 'release-idempotency-key',
    text: `DELETE FROM idempotency_keys
      WHERE account_id = $1 AND key = $2 AND status = ${arriving} AND request_hash = $3`,
    values: [accountId, key, claimant],
  });
}

/** Held until the transaction ends. Two keys share a lock once in 2^64: then one of them has to try again. */
async function lock(sql: Sql, { accountId, key }: IdempotentRequest): Promise<void> {
  const hash = createHash('sha256').update(`${accountId}:${key}`).digest().readBigInt64BE();
  const [row] = await sql.query<{ locked: boolean }>({
    name: 'lock-idempotency-key',
    text: 'SELECT pg_try_advisory_xact_lock($1) AS locked',
    values: [hash],
  });
  if (!row?.locked) throw inProgress();
}

function inProgress(): AppError {
  return new AppError(
    'conflict',
    'IDEMPOTENCY_IN_PROGRESS',
    'The first request with this Idempotency-Key is still under way.',
    { retryAfterSeconds: 1 },
  );
}

async function find(sql: Sql, request: IdempotentRequest): Promise<KeptAnswer | null> {
  const [row] = await sql.query<KeptAnswer & { request_hash: string }>({
    name: 'find-idempotency-key',
    text: `SELECT request_hash, status, body FROM idempotency_keys
      WHERE account_id = $1 AND key = $2 AND status <> ${arriving}
        AND created_at > now() - interval '24 hours'`,
    values: [request.accountId, request.key],
  });
  if (!row) return null;
  if (row.request_hash === request.requestHash) return { status: row.status, body: row.body };
  throw new AppError(
    'unprocessable',
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was used with another request. Use a new one.',
  );
}

/** Replaces a key that is older than 24 h and not cleaned up yet. */
async function keep(sql: Sql, request: IdempotentRequest, answer: KeptAnswer): Promise<void> {
  await sql.query({
    name: 'keep-idempotency-key',
    text: `INSERT INTO idempotency_keys (account_id, key, request_hash, status, body)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (account_id, key) DO UPDATE SET request_hash = excluded.request_hash,
        status = excluded.status, body = excluded.body, created_at = now()`,
    values: [
      request.accountId,
      request.key,
      request.requestHash,
      answer.status,
      JSON.stringify(answer.body),
    ],
  });
}
