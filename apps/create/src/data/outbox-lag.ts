import type { Sql } from './guarded-database.ts';

/** How far the relay is behind. */
export interface OutboxLag {
  /** Unpublished rows; counted up to 100,000. */
  rows: number;
  /** Age of the one that is next, 0 without any. */
  oldestSeconds: number;
}

/** Two index scans; the first ends at 100,000 rows. */
export async function readOutboxLag(sql: Sql): Promise<OutboxLag> {
  const [lag] = await sql.query<{ rows: number; oldestSeconds: number }>({
    name: 'outbox-lag',
    text: `SELECT
      (SELECT count(*)::int FROM (SELECT FROM outbox WHERE published_at IS NULL LIMIT 100000) AS waiting) AS rows,
      coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)::float8
        FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 1), 0) AS "oldestSeconds"`,
  });
  return lag ?? { rows: 0, oldestSeconds: 0 };
}
