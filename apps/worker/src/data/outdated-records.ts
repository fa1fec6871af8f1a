import { type Database, schema } from '@shortstack/db';
import { lt, type SQL, sql } from '@shortstack/db/drizzle';

const { countedBatches, idempotencyKeys, visitorSalts } = schema;

/**
 * Deletes up to `limit` answers to idempotency keys that are older than `before`; resolves with how many. The age is asked twice
 * because a row may be written anew between being found and being deleted.
 */
export function deleteIdempotencyKeys(
  database: Database,
  before: Date,
  limit: number,
): Promise<number> {
  const isOld = lt(idempotencyKeys.createdAt, before);
  return deleteRows(
    database,
    sql`DELETE FROM idempotency_keys WHERE ${isOld} AND (account_id, key) IN
      (SELECT account_id, key FROM idempotency_keys WHERE ${isOld} LIMIT ${limit})`,
  );
}

/** Forgets which batches were counted, of up to `limit` boots that have sent none since `before`; resolves with how many. */
export function deleteCountedBatches(
  database: Database,
  before: Date,
  limit: number,
): Promise<number> {
  const isOld = lt(countedBatches.updatedAt, before);
  return deleteRows(
    database,
    sql`DELETE FROM counted_batches WHERE ${isOld} AND boot_id IN
      (SELECT boot_id FROM counted_batches WHERE ${isOld} LIMIT ${limit})`,
  );
}

/** Deletes the salts of the days before `day`, after which nobody can tell a visitor's address from a hash; resolves with how many. */
export function deleteVisitorSalts(database: Database, day: string): Promise<number> {
  return deleteRows(database, sql`DELETE FROM visitor_salts WHERE ${lt(visitorSalts.day, day)}`);
}

async function deleteRows(database: Database, statement: SQL): Promise<number> {
  const { rowCount } = await database.run((db) => db.execute(statement));
  return rowCount ?? 0;
}
