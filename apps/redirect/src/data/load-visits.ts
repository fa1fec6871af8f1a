import type { Visit } from '@shortstack/analytics';
import type { Pool } from 'pg';

const rowsAtOnce = 10_000;

/**
 * People's clicks since a point in time, as far as their day's salt was known, in portions. One pass over the raw clicks of those
 * days, in one read-only transaction; a visitor comes as often as they clicked.
 */
export async function* loadVisits(pool: Pool, since: Date): AsyncGenerator<Visit[]> {
  const client = await pool.connect();
  let isDone = false;
  try {
    await client.query('BEGIN READ ONLY');
    await client.query(
      `DECLARE visits NO SCROLL CURSOR FOR SELECT link_id, visitor, clicked_at FROM clicks
       WHERE clicked_at >= $1 AND NOT is_bot AND visitor IS NOT NULL`,
      [since],
    );
    for (;;) {
      const { rows } = await client.query<{ link_id: string; visitor: string; clicked_at: Date }>(
        `FETCH ${rowsAtOnce} FROM visits`,
      );
      if (rows.length === 0) break;
      yield rows.map((row) => ({
        subject: row.link_id,
        visitor: row.visitor,
        time: row.clicked_at,
      }));
    }
    await client.query('COMMIT');
    isDone = true;
  } finally {
    // Otherwise the connection is closed, and the cursor with it.
    client.release(!isDone);
  }
}
