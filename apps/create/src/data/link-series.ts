import type { StatsRange } from '../domain/stats-range.ts';
import type { Statement } from './guarded-database.ts';
import { touchedDays } from './touched-days.ts';

/** One row: a list of all buckets is read in a fraction of the time that a row each takes. */
export interface SeriesRow {
  /** When each bucket began, in seconds since the epoch, in order. */
  seconds: number[];
  /** What was counted in each. */
  clicks: number[];
  /** In all of them. */
  bots: string;
  /** Unique visitors on the days that the range touches. */
  uniques: string;
}

const quarterMs = 15 * 60_000;

/** Every bucket of the range. */
export function seriesStatement(
  linkId: number,
  { from, to, interval, timezone }: StatsRange,
): Statement {
  const firstQuarter = new Date(Math.floor(from.getTime() / quarterMs) * quarterMs);
  const lastEdge = new Date(Math.ceil(to.getTime() / quarterMs) * quarterMs);
  return {
    name: `link-stats-by-${interval}`,
    text: `WITH ${seriesOf[interval]}
      SELECT json_agg(date_part('epoch', time) ORDER BY time) AS seconds, json_agg(clicks ORDER BY time) AS clicks, sum(bots) AS bots,
        (SELECT coalesce(sum(uniques), 0) FROM link_days WHERE link_id = $1 AND ${touchedDays}) AS uniques
      FROM series`,
    values: [
      ...[linkId, from, to, firstQuarter, lastEdge],
      ...(interval === 'minute' ? [] : [timezone]),
    ],
  };
}

const firstQuarter = '$4::timestamptz';
/** Where the last quarter ends. */
const lastEdge = '$5::timestamptz';
const timezone = '$6::text';
const nearestMidnight = (time: string) => `date_trunc('day', ${time} + interval '12 hours', 'UTC')`;

/**
 * Days are walked in local time, where they are all alike, and only then turned into instants; where midnight comes twice, a day begins
 * with the first, and PostgreSQL names the second. What was counted up to an edge of a local day is what the UTC days before the nearest
 * UTC midnight add up to, less or more the quarters between the two; a bucket is the difference of two edges. So a year is 366 days and
 * up to 48 quarters per edge, in UTC none, rather than 35,000.
 */
const byDay = `edge AS (
    SELECT time, midnight, sign * clicks AS clicks, sign * bots AS bots
    FROM (
      SELECT time, greatest(time, ${firstQuarter}) AS at
      FROM generate_series(date_trunc('day', $2::timestamptz AT TIME ZONE ${timezone}),
        ($3::timestamptz - interval '1 microsecond') AT TIME ZONE ${timezone}, interval '1 day') AS day,
      LATERAL (SELECT day AT TIME ZONE ${timezone} AS last_midnight, interval '1 hour' AS hour) AS named,
      LATERAL (SELECT last_midnight - greatest((last_midnight - hour) AT TIME ZONE ${timezone} - (day - hour), '0') AS time) AS begun
      UNION ALL SELECT 'infinity', ${lastEdge}
    ) AS edges,
    LATERAL (SELECT ${nearestMidnight('at')} AS midnight) AS nearest,
    LATERAL (SELECT CASE WHEN at < midnight THEN -1 ELSE 1 END AS sign) AS signs,
    LATERAL (SELECT coalesce(sum(clicks), 0) AS clicks, coalesce(sum(bots), 0) AS bots FROM link_quarters
      WHERE at <> midnight AND link_id = $1 AND quarter_at >= least(at, midnight) AND quarter_at < greatest(at, midnight)) AS between_them
  ), up_to AS (
    SELECT time, clicks + sum(day_clicks) OVER walk AS clicks, bots + sum(day_bots) OVER walk AS bots
    FROM (
      SELECT midnight, time, clicks, bots, 0 AS day_clicks, 0 AS day_bots FROM edge
      UNION ALL
      SELECT day::timestamp AT TIME ZONE 'UTC', NULL, 0, 0, clicks, bots FROM link_days WHERE link_id = $1
        AND day >= (${nearestMidnight(firstQuarter)} AT TIME ZONE 'UTC')::date AND day < (${nearestMidnight(lastEdge)} AT TIME ZONE 'UTC')::date
    ) AS steps
    WINDOW walk AS (ORDER BY midnight, time NULLS LAST)
  ), series AS (
    SELECT * FROM (
      SELECT time, lead(clicks) OVER in_order - clicks AS clicks, lead(bots) OVER in_order - bots AS bots
      FROM up_to WHERE time IS NOT NULL WINDOW in_order AS (ORDER BY time)
    ) AS bucket WHERE time < 'infinity'
  )`;

/** Walked in quarters: where the offset changes by half an hour, so do the hours. */
const byHour = `bucket AS (
    SELECT DISTINCT date_trunc('hour', quarter, ${timezone}) AS time FROM generate_series(
      date_trunc('hour', $2::timestamptz, ${timezone}), $3::timestamptz - interval '1 microsecond', interval '15 minutes') AS quarter
  ), counted AS (
    SELECT date_trunc('hour', quarter_at, ${timezone}) AS time, sum(clicks) AS clicks, sum(bots) AS bots
    FROM link_quarters WHERE link_id = $1 AND quarter_at >= ${firstQuarter} AND quarter_at < ${lastEdge} GROUP BY 1
  ), series AS (
    SELECT time, coalesce(clicks, 0) AS clicks, coalesce(bots, 0) AS bots FROM bucket LEFT JOIN counted USING (time)
  )`;

/**
 * Minutes are the same in every time zone. Raw clicks are read for those that lie in the range in part, and for quarters of an hour of
 * which the minutes don't add up: see `linkMinutes`.
 */
const byMinute = `minute AS MATERIALIZED (
    SELECT minute_at, clicks, bots, date_bin('15 minutes', minute_at, 'epoch') AS quarter_at
    FROM link_minutes WHERE link_id = $1 AND minute_at >= ${firstQuarter} AND minute_at < ${lastEdge}
  ), raw_minute AS (
    SELECT date_bin('1 minute', $2::timestamptz, 'epoch') AS time WHERE date_bin('1 minute', $2::timestamptz, 'epoch') < $2
    UNION SELECT date_bin('1 minute', $3::timestamptz, 'epoch') WHERE date_bin('1 minute', $3::timestamptz, 'epoch') < $3
    UNION SELECT quarter_at + number * interval '1 minute'
    FROM link_quarters AS quarters
      LEFT JOIN (SELECT quarter_at, sum(clicks) AS clicks, sum(bots) AS bots FROM minute GROUP BY 1) AS sums USING (quarter_at),
      generate_series(0, 14) AS number
    WHERE link_id = $1 AND quarter_at >= ${firstQuarter} AND quarter_at < ${lastEdge}
      AND (quarters.clicks, quarters.bots) IS DISTINCT FROM (sums.clicks, sums.bots)
  ), counted AS (
    SELECT minute_at AS time, clicks, bots FROM minute WHERE minute_at NOT IN (SELECT time FROM raw_minute)
    UNION ALL
    SELECT time, clicks, bots FROM raw_minute, LATERAL (
      SELECT count(*) FILTER (WHERE NOT is_bot) AS clicks, count(*) FILTER (WHERE is_bot) AS bots
      FROM clicks WHERE link_id = $1 AND clicked_at >= $2 AND clicked_at < $3
        AND clicked_at >= time AND clicked_at < time + interval '1 minute') AS raw
  ), series AS (
    SELECT time, coalesce(clicks, 0) AS clicks, coalesce(bots, 0) AS bots
    FROM generate_series(date_bin('1 minute', $2::timestamptz, 'epoch'), $3::timestamptz - interval '1 microsecond',
      interval '1 minute') AS time LEFT JOIN counted USING (time)
  )`;

const seriesOf = { day: byDay, hour: byHour, minute: byMinute };
