import type { LinkStats } from '@shortstack/contracts';
import { schema } from '@shortstack/db';
import { isoTimes } from '../domain/iso-times.ts';
import type { StatsRange } from '../domain/stats-range.ts';
import type { GuardedDatabase } from './guarded-database.ts';
import { type SeriesRow, seriesStatement } from './link-series.ts';
import { topStatement } from './top-values.ts';

/**
 * A link's statistics. Buckets are cut by the time zone, daylight saving included, and empty ones are 0; the first one
 * is named by its beginning, which may lie before `from`, but counts from there on.
 *
 * By hour and day, a range that doesn't begin and end on quarters of an hour is widened to them; by minute it is exact. Unique
 * visitors and top values are kept by UTC day and cover all days that the range touches.
 *
 * Cost: two statements at once over roll-ups, however many clicks there were. By minute, raw clicks are read as well of a minute that
 * lies in the range in part, and of quarters counted before there were minutes.
 */
export async function readLinkStats(
  database: GuardedDatabase,
  linkId: number,
  range: StatsRange,
): Promise<LinkStats> {
  const [[series], top] = await Promise.all([
    database.query<SeriesRow>(seriesStatement(linkId, range)),
    database.query<{ dimension: number; value: string; clicks: string }>(
      topStatement(linkId, range),
    ),
  ]);
  const { seconds = [], clicks = [], bots = 0, uniques = 0 } = series ?? {};
  return {
    clicks: clicks.reduce((total, each) => total + each, 0),
    bots: Number(bots),
    uniques: Number(uniques),
    series: isoTimes(seconds).map((time, i) => ({ time, clicks: clicks[i] ?? 0 })),
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
