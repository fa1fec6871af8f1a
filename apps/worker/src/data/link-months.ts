import type { Database } from '@shortstack/db';
import { sql } from '@shortstack/db/drizzle';
import type { LinkMonthStore } from '../domain/add-up-months.ts';

/**
 * Months of links in PostgreSQL. What a month is made of is read in one snapshot, so its values and its sum agree, whoever counts
 * clicks meanwhile. Rows are written in order, so two workers don't deadlock.
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
        db.execute(sql`WITH counted AS (
            SELECT link_id, day - (extract(day FROM day)::int - 1) AS month, sum(clicks) AS clicks
            FROM link_days WHERE link_id = ANY (${sql.param(linkIds)}::int8[]) AND day < ${before}::date
            GROUP BY 1, 2 HAVING sum(clicks) >= ${minClicks}
          ), untrue AS (
            SELECT link_id, month, counted.clicks FROM counted LEFT JOIN link_months AS known USING (link_id, month)
            WHERE known.clicks IS DISTINCT FROM counted.clicks
            ORDER BY link_id, month LIMIT ${limit}
          )
          INSERT INTO link_months (link_id, month, clicks, dimensions, "values", value_clicks)
          SELECT link_id, month, clicks, dimensions, "values", value_clicks FROM untrue, LATERAL (
            SELECT coalesce(array_agg(dimension), '{}') AS dimensions, coalesce(array_agg(value), '{}') AS "values",
              coalesce(array_agg(clicks), '{}') AS value_clicks
            FROM (
              SELECT dimension, value, sum(clicks) AS clicks FROM link_dimensions
              WHERE link_id = untrue.link_id AND day >= month AND day < month + interval '1 month' GROUP BY 1, 2
            ) AS sums
          ) AS added_up
          ON CONFLICT (link_id, month) DO UPDATE SET clicks = excluded.clicks, dimensions = excluded.dimensions,
            "values" = excluded."values", value_clicks = excluded.value_clicks`),
      );
      return rowCount ?? 0;
    },
  };
}
