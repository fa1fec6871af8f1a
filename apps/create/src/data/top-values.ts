import type { StatsRange } from '../domain/stats-range.ts';
import type { Statement } from './guarded-database.ts';
import { touchedDays } from './touched-days.ts';

const topCount = 10;

/**
 * The values of each dimension that were counted most on the days that the range touches: `dimension`, `value` and `clicks`. Whole months
 * come from the row that worker has made of them if its sum is still that of the days, all else day by day.
 */
export function topStatement(linkId: number, { from, to }: StatsRange): Statement {
  return {
    name: 'link-stats-top',
    text: `WITH month AS MATERIALIZED (
        SELECT day - (extract(day FROM day)::int - 1) AS month, sum(clicks) AS clicks
        FROM link_days WHERE link_id = $1 AND ${touchedDays} GROUP BY 1
      ), added_up AS MATERIALIZED (
        SELECT month, dimensions, "values", value_clicks
        FROM link_months JOIN month USING (month, clicks)
        WHERE link_id = $1 AND month >= ($2::timestamptz AT TIME ZONE 'UTC')::date
          AND (month + interval '1 month')::date <= (($3::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date + 1
      ), counted AS (
        SELECT dimension, value, clicks
        FROM added_up, unnest(dimensions, "values", value_clicks) AS sums (dimension, value, clicks)
        UNION ALL
        SELECT dimension, value, day.clicks FROM month, LATERAL (
          SELECT dimension, value, clicks FROM link_dimensions WHERE link_id = $1 AND ${touchedDays}
            AND day >= month AND day < month + interval '1 month') AS day
        WHERE month NOT IN (SELECT month FROM added_up)
      )
      SELECT dimension, value, clicks FROM (
        SELECT dimension, value, sum(clicks) AS clicks,
          row_number() OVER (PARTITION BY dimension ORDER BY sum(clicks) DESC, value) AS place
        FROM counted GROUP BY dimension, value
      ) AS ranked WHERE place <= ${topCount} ORDER BY dimension, place`,
    values: [linkId, from, to],
  };
}
