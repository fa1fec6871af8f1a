import { schema } from '@shortstack/db';
import type { Pool } from 'pg';

export interface CountedClick {
  /** Milliseconds since the epoch. */
  at: number;
  isBot: boolean;
  browser: string;
}

/**
 * Adds clicks to a link's raw clicks and roll-ups, as redirect-jobs does.
 *
 * @param options.minutes false: as its version did that knew no minutes
 */
export async function countClicks(
  sql: Pool,
  linkId: number,
  clicks: readonly CountedClick[],
  { minutes = true } = {},
): Promise<void> {
  const values = [
    linkId,
    clicks.map(({ at }) => new Date(at)),
    clicks.map(({ isBot }) => isBot),
    clicks.map(({ browser }) => browser),
  ];
  const given = `unnest($2::timestamptz[], $3::bool[], $4::text[]) AS given (at, is_bot, browser)`;
  const counts = 'count(*) FILTER (WHERE NOT is_bot), count(*) FILTER (WHERE is_bot)';
  const added =
    'DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots';
  const statements = [
    `INSERT INTO clicks (clicked_at, link_id, request_id, is_bot, browser) SELECT at, $1, 'r', is_bot, browser FROM ${given}`,
    `INSERT INTO link_quarters AS old SELECT $1, date_bin('15 minutes', at, 'epoch') AS quarter, ${counts}
     FROM ${given} GROUP BY 2 ON CONFLICT (link_id, quarter_at) ${added}`,
    `INSERT INTO link_days AS old SELECT $1, (at AT TIME ZONE 'UTC')::date, ${counts}, 0
     FROM ${given} GROUP BY 2 ON CONFLICT (link_id, day) ${added}`,
    `INSERT INTO link_dimensions AS old
     SELECT $1, (at AT TIME ZONE 'UTC')::date, ${schema.clickDimensions.browser}, browser, count(*)
     FROM ${given} WHERE NOT is_bot GROUP BY 2, 4
     ON CONFLICT (link_id, day, dimension, value) DO UPDATE SET clicks = old.clicks + excluded.clicks`,
  ];
  if (minutes) {
    statements.push(`INSERT INTO link_minutes AS old SELECT $1, date_bin('1 minute', at, 'epoch'), ${counts}
      FROM ${given} GROUP BY 2 ON CONFLICT (link_id, minute_at) ${added}`);
  }
  for (const text of statements) await sql.query(text, values);
}

/** Adds up a link's months by the end of each day, as worker does, once they have so many clicks. */
export async function addUpMonths(sql: Pool, linkId: number, minClicks: number): Promise<void> {
  await sql.query(
    `INSERT INTO link_months_to_date
     SELECT $1, day, clicks, dimensions, "values", value_clicks FROM (
       SELECT day, date_trunc('month', day::timestamp)::date AS month,
         sum(clicks) OVER (PARTITION BY date_trunc('month', day::timestamp) ORDER BY day) AS clicks
       FROM link_days WHERE link_id = $1
     ) AS days, LATERAL (
       SELECT coalesce(array_agg(dimension), '{}') AS dimensions, coalesce(array_agg(value), '{}') AS "values",
         coalesce(array_agg(clicks), '{}') AS value_clicks
       FROM (SELECT dimension, value, sum(clicks) AS clicks FROM link_dimensions AS of_day
         WHERE link_id = $1 AND of_day.day >= month AND of_day.day <= days.day GROUP BY 1, 2) AS sums
     ) AS added_up
     WHERE clicks >= $2`,
    [linkId, minClicks],
  );
}
