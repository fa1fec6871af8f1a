import type { LinkStats } from '@shortstack/contracts';
import { schema } from '@shortstack/db';
import type { StatsRange } from '../domain/stats-range.ts';
import type { GuardedDatabase, Statement } from './guarded-database.ts';

const topCount = 10;

/**
 * A link's statistics. Buckets are cut by the time zone, daylight saving included, and empty ones are 0; the first one
 * is named by its beginning, which may lie before `from`, but counts from there on.
 *
 * `hour` and `day` read quarters of an hour: a range that doesn't begin on one is widened to it. `minute` reads raw
 * clicks. Unique visitors and top values are kept by UTC day and cover all days that the range touches.
 *
 * Cost: three statements, each a range of one index; by minute, one of them over the raw clicks of at most a day.
 */
export async function readLinkStats(
  database: GuardedDatabase,
  linkId: number,
  range: StatsRange,
): Promise<LinkStats> {
  const [series, days, top] = await Promise.all([
    database.query<{ time: Date; clicks: string; bots: string }>(seriesStatement(linkId, range)),
    database.query<{ uniques: string }>(uniquesStatement(linkId, range)),
    database.query<{ dimension: number; value: string; clicks: string }>(
      topStatement(linkId, range),
    ),
  ]);
  const sum = (values: string[]) => values.reduce((total, value) => total + Number(value), 0);
  return {
    clicks: sum(series.map(({ clicks }) => clicks)),
    bots: sum(series.map(({ bots }) => bots)),
    uniques: Number(days[0]?.uniques ?? 0),
    series: series.map(({ time, clicks }) => ({
      time: time.toISOString(),
      clicks: Number(clicks),
    })),
    top: {
      referrer: topOf('referrer'),
      country: topOf('country'),
      browser: topOf('browser'),
      os: topOf('os'),
      device: topOf('device'),
    },
  };

  function topOf(dimension: keyof typeof schema.clickDimensions) {
    return top
      .filter((row) => row.dimension === schema.clickDimensions[dimension])
      .map(({ value, clicks }) => ({ value, clicks: Number(clicks) }));
  }
}

/** Every bucket of the range with what was counted in it. */
function seriesStatement(linkId: number, { from, to, interval, timezone }: StatsRange): Statement {
  return {
    name: `link-stats-${interval}`,
    text: `WITH bucket AS (${bucketsOf[interval]}), counted AS (${countedOf[interval]})
      SELECT bucket.time, coalesce(counted.clicks, 0) AS clicks, coalesce(counted.bots, 0) AS bots
      FROM bucket LEFT JOIN counted USING (time) ORDER BY bucket.time`,
    values: [linkId, from, to, ...(interval === 'minute' ? [] : [timezone])],
  };
}

/** Days are walked in local time, where they are all alike, and only then turned into instants. */
const days = `SELECT day AT TIME ZONE $4 AS time FROM generate_series(
  date_trunc('day', $2::timestamptz AT TIME ZONE $4),
  ($3::timestamptz - interval '1 microsecond') AT TIME ZONE $4, interval '1 day') AS day`;

/** Walked in quarters: where the offset changes by half an hour, so do the hours. */
const hours = `SELECT DISTINCT date_trunc('hour', quarter, $4) AS time FROM generate_series(
  date_trunc('hour', $2::timestamptz, $4),
  $3::timestamptz - interval '1 microsecond', interval '15 minutes') AS quarter`;

const minutes = `SELECT minute AS time FROM generate_series(
  date_bin('1 minute', $2::timestamptz, 'epoch'), $3::timestamptz - interval '1 microsecond',
  interval '1 minute') AS minute`;

const bucketsOf = { day: days, hour: hours, minute: minutes };

const quartersBy = (unit: string) => `SELECT date_trunc('${unit}', quarter_at, $4) AS time,
    sum(clicks) AS clicks, sum(bots) AS bots
  FROM link_quarters
  WHERE link_id = $1 AND quarter_at >= date_bin('15 minutes', $2::timestamptz, 'epoch') AND quarter_at < $3
  GROUP BY 1`;

/** Minutes are the same in every time zone, and cutting them without one costs a third. */
const rawClicks = `SELECT date_bin('1 minute', clicked_at, 'epoch') AS time,
    count(*) FILTER (WHERE NOT is_bot) AS clicks, count(*) FILTER (WHERE is_bot) AS bots
  FROM clicks WHERE link_id = $1 AND clicked_at >= $2 AND clicked_at < $3
  GROUP BY 1`;

const countedOf = { day: quartersBy('day'), hour: quartersBy('hour'), minute: rawClicks };

const touchedDays = `day >= ($2::timestamptz AT TIME ZONE 'UTC')::date
  AND day <= (($3::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date`;

function uniquesStatement(linkId: number, { from, to }: StatsRange): Statement {
  return {
    name: 'link-stats-uniques',
    text: `SELECT coalesce(sum(uniques), 0) AS uniques FROM link_days WHERE link_id = $1 AND ${touchedDays}`,
    values: [linkId, from, to],
  };
}

function topStatement(linkId: number, { from, to }: StatsRange): Statement {
  return {
    name: 'link-stats-top',
    text: `SELECT dimension, value, clicks FROM (
        SELECT dimension, value, sum(clicks) AS clicks,
          row_number() OVER (PARTITION BY dimension ORDER BY sum(clicks) DESC, value) AS place
        FROM link_dimensions WHERE link_id = $1 AND ${touchedDays} GROUP BY dimension, value
      ) AS ranked WHERE place <= ${topCount} ORDER BY dimension, place`,
    values: [linkId, from, to],
  };
}
