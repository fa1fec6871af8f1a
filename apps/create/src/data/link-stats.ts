import type { LinkStats } from '@shortstack/contracts';
import { schema } from '@shortstack/db';
import type { StatsRange } from '../domain/stats-range.ts';
import type { GuardedDatabase, Statement } from './guarded-database.ts';
import { type SeriesRow, seriesStatement } from './link-series.ts';
import { topStatement } from './top-values.ts';
import { touchedDays } from './touched-days.ts';

/**
 * A link's statistics. Buckets are cut by the time zone, daylight saving included, and empty ones are 0; the first one
 * is named by its beginning, which may lie before `from`, but counts from there on.
 *
 * By hour and day, a range that doesn't begin and end on quarters of an hour is widened to them; by minute it is exact. Unique
 * visitors and top values are kept by UTC day and cover all days that the range touches.
 *
 * Cost: three statements at once over roll-ups, however many clicks there were. By minute, raw clicks are read as well of a minute that
 * lies in the range in part, and of quarters counted before there were minutes.
 */
export async function readLinkStats(
  database: GuardedDatabase,
  linkId: number,
  range: StatsRange,
): Promise<LinkStats> {
  const [series, days, top] = await Promise.all([
    database.query<SeriesRow>(seriesStatement(linkId, range)),
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
    series: series.map(({ seconds, clicks }) => ({
      time: new Date(seconds * 1_000).toISOString(),
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

function uniquesStatement(linkId: number, { from, to }: StatsRange): Statement {
  return {
    name: 'link-stats-uniques',
    text: `SELECT coalesce(sum(uniques), 0) AS uniques FROM link_days WHERE link_id = $1 AND ${touchedDays}`,
    values: [linkId, from, to],
  };
}
