import type { Pool } from 'pg';

/** How often a link was followed in one bucket of time, all in all. */
export interface LinkScore {
  /** The account, whose leaderboard it is. */
  board: string;
  /** The slug. */
  member: string;
  unit: 'quarter' | 'hour' | 'day';
  time: Date;
  score: number;
}

interface Row {
  account_id: string;
  slug: string;
  unit: LinkScore['unit'];
  time: Date;
  clicks: string;
}

/** Of these links, the clicks in each bucket that some leaderboard window may still hold and that goes on after `since`. */
export async function loadScores(
  pool: Pool,
  linkIds: readonly number[],
  since: Date,
): Promise<LinkScore[]> {
  const { rows } = await pool.query<Row>(
    `SELECT account_id, slug, unit, time, clicks FROM links JOIN (
       SELECT link_id, 'quarter' AS unit, quarter_at AS time, clicks::int8 FROM link_quarters
       WHERE link_id = ANY ($1) AND quarter_at > greatest(now() - interval '90 minutes', $2::timestamptz - interval '15 minutes')
       UNION ALL
       SELECT link_id, 'hour', date_trunc('hour', quarter_at, 'UTC'), sum(clicks) FROM link_quarters
       WHERE link_id = ANY ($1) AND quarter_at >= greatest(date_trunc('hour', now(), 'UTC') - interval '24 hours', date_trunc('hour', $2::timestamptz, 'UTC'))
       GROUP BY 1, 3
       UNION ALL
       SELECT link_id, 'day', day::timestamp AT TIME ZONE 'UTC', clicks::int8 FROM link_days
       WHERE link_id = ANY ($1) AND day >= greatest((now() AT TIME ZONE 'UTC')::date - 7, ($2 AT TIME ZONE 'UTC')::date)
     ) AS buckets ON buckets.link_id = links.id WHERE clicks > 0 AND deleted_at IS NULL`,
    [linkIds, since],
  );
  return rows.map(({ account_id, slug, unit, time, clicks }) => ({
    board: account_id,
    member: slug,
    unit,
    time,
    score: Number(clicks),
  }));
}

/** Every link that was followed within the longest window. */
export async function loadScoredLinks(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ link_id: string }>(
    `SELECT DISTINCT link_id FROM link_days WHERE day >= (now() AT TIME ZONE 'UTC')::date - 7`,
  );
  return rows.map((row) => Number(row.link_id));
}
