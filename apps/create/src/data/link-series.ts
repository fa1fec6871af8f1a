import type { StatsRange } from '../domain/stats-range.ts';
import type { Statement } from './guarded-database.ts';

/** A bucket of time with what was counted in it. */
export interface SeriesRow {
  /** When it began, in seconds since the epoch: the driver takes ten times as long to read a timestamp. */
  seconds: number;
  clicks: string;
  bots: string;
}

/** Every bucket of the range, in order. */
export function seriesStatement(
  linkId: number,
  { from, to, interval, timezone }: StatsRange,
): Statement {
  return {
    name: `link-stats-by-${interval}`,
    text: `WITH ${seriesOf[interval]} SELECT date_part('epoch', time) AS seconds, clicks, bots FROM series ORDER BY time`,
    values: [linkId, from, to, ...(interval === 'minute' ? [] : [timezone])],
  };
}

const firstQuarter = `date_bin('15 minutes', $2::timestamptz, 'epoch')`;
/** Where the last quarter ends. */
const lastEdge = `date_bin('15 minutes', $3::timestamptz - interval '1 microsecond', 'epoch') + interval '15 minutes'`;
const summed = 'coalesce(sum(clicks), 0) AS clicks, coalesce(sum(bots), 0) AS bots';

/**
 * Days are walked in local time, where they are all alike, and only then turned into instants; where midnight comes twice, a day begins
 * with the first, and PostgreSQL names the second. Between the edges of a local day lie whole UTC days, less or more the quarters
 * between each edge and the nearest UTC midnight: a year is 366 days and up to 48 quarters per edge, in UTC none, rather than 35,000.
 */
const byDay = `edge AS MATERIALIZED (
    SELECT time, midnight, sign * clicks AS clicks, sign * bots AS bots
    FROM (
      SELECT time, greatest(time, ${firstQuarter}) AS at
      FROM generate_series(date_trunc('day', $2::timestamptz AT TIME ZONE $4),
        ($3::timestamptz - interval '1 microsecond') AT TIME ZONE $4, interval '1 day') AS day,
      LATERAL (SELECT day AT TIME ZONE $4 AS last_midnight, interval '1 hour' AS hour) AS named,
      LATERAL (SELECT last_midnight - greatest((last_midnight - hour) AT TIME ZONE $4 - (day - hour), '0') AS time) AS begun
      UNION ALL SELECT 'infinity', ${lastEdge}
    ) AS edges,
    LATERAL (SELECT date_trunc('day', at + interval '12 hours', 'UTC') AS midnight) AS nearest,
    LATERAL (SELECT CASE WHEN at < midnight THEN -1 ELSE 1 END AS sign) AS signs,
    LATERAL (SELECT ${summed} FROM link_quarters WHERE link_id = $1
      AND quarter_at >= least(at, midnight) AND quarter_at < greatest(at, midnight)) AS between_them
  ), bucket AS (
    SELECT time, midnight, lead(midnight) OVER in_order AS next_midnight,
      lead(clicks) OVER in_order - clicks AS clicks, lead(bots) OVER in_order - bots AS bots
    FROM edge WINDOW in_order AS (ORDER BY time)
  ), series AS (
    SELECT time, bucket.clicks + days.clicks AS clicks, bucket.bots + days.bots AS bots FROM bucket,
      LATERAL (SELECT ${summed} FROM link_days WHERE link_id = $1
        AND day >= (midnight AT TIME ZONE 'UTC')::date AND day < (next_midnight AT TIME ZONE 'UTC')::date) AS days
    WHERE next_midnight IS NOT NULL
  )`;

/** Walked in quarters: where the offset changes by half an hour, so do the hours. */
const byHour = `bucket AS (
    SELECT DISTINCT date_trunc('hour', quarter, $4) AS time FROM generate_series(
      date_trunc('hour', $2::timestamptz, $4), $3::timestamptz - interval '1 microsecond', interval '15 minutes') AS quarter
  ), counted AS (
    SELECT date_trunc('hour', quarter_at, $4) AS time, sum(clicks) AS clicks, sum(bots) AS bots
    FROM link_quarters WHERE link_id = $1 AND quarter_at >= ${firstQuarter} AND quarter_at < $3 GROUP BY 1
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
    WHERE link_id = $1 AND quarter_at >= ${firstQuarter} AND quarter_at < $3
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
