import type { StatsRange } from '../domain/stats-range.ts';
import type { Statement } from './guarded-database.ts';
import { firstTouchedDay, lastTouchedDay } from './touched-days.ts';

const topCount = 10;

/**
 * The values of each dimension that were counted most on the days that the range touches: `dimension`, `value` and `clicks`.
 *
 * Of each month the latest row of worker's in the range that is still true is taken, and the days after it are read; where the range
 * begins within the month, the row of the day counted before is taken off again. If that one isn't there, the days are read instead.
 * So the cost grows with the months, not with the days.
 */
export function topStatement(linkId: number, { from, to }: StatsRange): Statement {
  return {
    name: 'link-stats-top',
    text: `WITH counted_day AS (
        SELECT month, day, sum(clicks) OVER (PARTITION BY month ORDER BY day) AS clicks, day < ${firstTouchedDay} AS is_before
        FROM link_days, LATERAL (SELECT day - (extract(day FROM day)::int - 1) AS month) AS its
        WHERE link_id = $1 AND day >= date_trunc('month', ${firstTouchedDay}::timestamp)::date AND day <= ${lastTouchedDay}
      ), month AS MATERIALIZED (
        SELECT month, max(counted_day.day) FILTER (WHERE is_before) AS before, max(kept.day) FILTER (WHERE is_before) AS kept_before,
          max(kept.day) FILTER (WHERE NOT is_before) AS kept_until
        FROM counted_day LEFT JOIN link_months_to_date AS kept ON link_id = $1 AND kept.day = counted_day.day AND kept.clicks = counted_day.clicks
        GROUP BY month
      ), added_up AS MATERIALIZED (
        SELECT month, before, kept_until FROM month WHERE kept_until IS NOT NULL AND before IS NOT DISTINCT FROM kept_before
      ), part AS (
        SELECT sums.dimension, sums.value, sign * sums.clicks AS clicks
        FROM added_up, LATERAL (VALUES (kept_until, 1), (before, -1)) AS ends (day, sign),
          LATERAL (SELECT * FROM link_months_to_date AS kept WHERE link_id = $1 AND kept.day = ends.day) AS kept,
          unnest(dimensions, "values", value_clicks) AS sums (dimension, value, clicks)
        UNION ALL
        SELECT dimension, value, clicks FROM month LEFT JOIN added_up USING (month), LATERAL (
          SELECT dimension, value, clicks FROM link_dimensions AS of_day WHERE link_id = $1
            AND of_day.day >= greatest(month, ${firstTouchedDay}, added_up.kept_until + 1)
            AND of_day.day <= least((month + interval '1 month')::date - 1, ${lastTouchedDay})) AS rest
      )
      SELECT dimension, value, clicks FROM (
        SELECT dimension, value, sum(clicks) AS clicks,
          row_number() OVER (PARTITION BY dimension ORDER BY sum(clicks) DESC, value) AS place
        FROM part GROUP BY dimension, value HAVING sum(clicks) > 0
      ) AS ranked WHERE place <= ${topCount} ORDER BY dimension, place`,
    values: [linkId, from, to],
  };
}
