import type { Database } from '@shortstack/db';
import { sql } from '@shortstack/db/drizzle';
import type { LinkMonthStore } from '../domain/add-up-months.ts';

/**
 * Months to date of links in PostgreSQL. What a row is made of is read in one snapshot, so its values and its sum agree, whoever counts
 * clicks meanwhile: the last true row before it in the same month, and the days since. Rows are written in order, so two workers don't
 * deadlock.
 */
export function createLinkMonthStore(database: Database): LinkMonthStore {
  return {
    async busyLinks({ after, minClicks, limit }) {
      const { rows } = await database.run((db) =>
        db.execute<{ last: string | null; busy: string[] | null }>(
          sql`SELECT max(link_id) AS last, array_agg(link_id) FILTER (WHERE clicks >= ${minClicks}) AS busy
            FROM (SELECT link_id, clicks FROM link_totals WHERE link_id > ${after} ORDER BY link_id LIMIT ${limit}) AS next`,
        ),
      );
      const last = rows[0]?.last ?? null;
      return {
        last: last === null ? null : Number(last),
        linkIds: (rows[0]?.busy ?? []).map(Number),
      };
    },
    async addUp({ linkIds, before, minClicks, limit }) {
      const { rowCount } = await database.run((db) =>
        db.execute(sql`WITH counted AS MATERIALIZED (
            SELECT link_id, month, day, sum(clicks) OVER (PARTITION BY link_id, month ORDER BY day) AS clicks
            FROM link_days, LATERAL (SELECT day - (extract(day FROM day)::int - 1) AS month) AS its
            WHERE link_id = ANY (${sql.param(linkIds)}::int8[]) AND day < ${before}::date
          ), kept AS MATERIALIZED (
            SELECT link_id, month, day FROM counted JOIN link_months_to_date USING (link_id, day, clicks)
          ), untrue AS (
            SELECT link_id, month, day, clicks FROM counted LEFT JOIN kept USING (link_id, month, day)
            WHERE kept.day IS NULL AND clicks >= ${minClicks}
            ORDER BY link_id, day LIMIT ${limit}
          )
          INSERT INTO link_months_to_date (link_id, day, clicks, dimensions, "values", value_clicks)
          SELECT link_id, day, clicks, dimensions, "values", value_clicks FROM untrue,
            LATERAL (
              SELECT max(kept.day) AS kept_day FROM kept
              WHERE kept.link_id = untrue.link_id AND kept.month = untrue.month AND kept.day < untrue.day
            ) AS last,
            LATERAL (
              SELECT coalesce(array_agg(dimension), '{}') AS dimensions, coalesce(array_agg(value), '{}') AS "values",
                coalesce(array_agg(clicks), '{}') AS value_clicks
              FROM (
                SELECT dimension, value, sum(clicks) AS clicks FROM (
                  SELECT sums.dimension, sums.value, sums.clicks
                  FROM link_months_to_date AS base, unnest(dimensions, "values", value_clicks) AS sums (dimension, value, clicks)
                  WHERE base.link_id = untrue.link_id AND base.day = kept_day
                  UNION ALL
                  SELECT dimension, value, clicks FROM link_dimensions AS since
                  WHERE since.link_id = untrue.link_id AND since.day >= coalesce(kept_day + 1, month) AND since.day <= untrue.day
                ) AS parts GROUP BY 1, 2
              ) AS sums
            ) AS added_up
          ON CONFLICT (link_id, day) DO UPDATE SET clicks = excluded.clicks, dimensions = excluded.dimensions,
            "values" = excluded."values", value_clicks = excluded.value_clicks`),
      );
      return rowCount ?? 0;
    },
  };
}
