import { type Database, outboxChannel } from '@shortstack/db';
import { sql } from '@shortstack/db/drizzle';

/**
 * Marks up to `limit` links that expired before `before` as deleted, as their owners' own deletion would: the version is raised
 * and a `link.deleted` event appended per account, in one statement. Links that someone is changing right now are left for the
 * next time. Resolves with how many it did. A deleted link's slug stays taken.
 */
export async function deleteExpiredLinks(
  database: Database,
  before: Date,
  limit: number,
): Promise<number> {
  const { rows } = await database.run((db) =>
    db.execute<{ deleted: number }>(sql`
      WITH expired AS (
        SELECT id FROM links WHERE deleted_at IS NULL AND expires_at < ${before.toISOString()}
        ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), deleted AS (
        UPDATE links SET version = links.version + 1, deleted_at = now(), updated_at = now()
        FROM expired WHERE links.id = expired.id
        RETURNING links.id, links.account_id, links.slug, links.version
      ), events AS (
        INSERT INTO outbox (type, payload)
        SELECT 'link.deleted', jsonb_build_object('accountId', account_id, 'links',
          jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'version', version)))
        FROM deleted GROUP BY account_id
      )
      SELECT count(*)::int AS deleted FROM deleted`),
  );
  return rows[0]?.deleted ?? 0;
}

/** Tells the relay that the outbox has grown. */
export async function ringOutbox(database: Database): Promise<void> {
  await database.run((db) => db.execute(sql.raw(`NOTIFY ${outboxChannel}`)));
}
