import { createTestDatabase, openTestPool } from '@shortstack/testing';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createGuardedDatabase } from '../src/data/guarded-database.ts';
import { readLinkStats } from '../src/data/link-stats.ts';
import type { StatsRange } from '../src/domain/stats-range.ts';
import { addUpMonths, type CountedClick, countClicks } from './count-clicks.ts';

const testDatabase = await createTestDatabase();
const sql = await openTestPool(testDatabase.ownerUrl);
const database = createGuardedDatabase({
  url: testDatabase.urlFor('create'),
  applicationName: 'test',
});
afterAll(() => database.close());

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const dayMs = 96 * quarterMs;
/** Clocks change in all of the zones that change them. Long enough ago for PostgreSQL and Node to agree when. */
const start = Date.parse('2024-09-20T00:00:00Z');
const days = 80;
const end = start + days * dayMs;
await sql.query(
  `SELECT ensure_day_partition(parent, $1::date + n) FROM unnest(ARRAY['clicks', 'link_minutes']) AS parent, generate_series(0, $2) AS n`,
  ['2024-09-20', days],
);

const timezones = [
  ...['UTC', 'Asia/Kathmandu', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Berlin'],
  ...['America/New_York', 'America/Havana', 'Africa/Cairo', 'Pacific/Auckland', 'Pacific/Apia'],
];

/** Any moment; many on the edges of minutes, quarters and days, and many near the change of clocks. */
const moment = fc.oneof(
  fc.integer({ min: start, max: end - 1 }),
  fc.nat(days * 96 - 1).map((n) => start + n * quarterMs),
  fc.nat(days - 1).map((n) => start + n * dayMs),
  fc.nat(24).map((n) => Date.parse('2024-11-03T03:00:00Z') + n * 10 * minuteMs),
);
const click = fc.record({
  at: moment,
  isBot: fc.boolean(),
  browser: fc.integer({ min: 0, max: 13 }).map((n) => `browser-${n}`),
});
const length = { minute: dayMs, hour: 20 * dayMs, day: days * dayMs };
const range: fc.Arbitrary<StatsRange> = fc
  .record({
    interval: fc.constantFrom('minute', 'hour', 'day'),
    timezone: fc.constantFrom(...timezones),
    from: moment,
    to: moment,
  })
  .filter(({ from, to }) => from !== to)
  .map(({ from, to, interval, timezone }) => {
    const first = Math.min(from, to);
    const last = Math.min(Math.max(from, to), first + length[interval]);
    return { interval, timezone, from: new Date(first), to: new Date(last) };
  });

test('statistics are what the raw clicks say, whatever was counted when, and by which version', {
  timeout: 120_000,
}, async () => {
  let linkId = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(click, { maxLength: 60 }),
      fc.array(click, { maxLength: 20 }),
      fc.array(click, { maxLength: 10 }),
      fc.nat(8),
      fc.array(range, { minLength: 1, maxLength: 4 }),
      async (clicks, withoutMinutes, late, minClicks, ranges) => {
        linkId += 1;
        await countClicks(sql, linkId, clicks);
        await countClicks(sql, linkId, withoutMinutes, { minutes: false });
        await addUpMonths(sql, linkId, minClicks);
        await countClicks(sql, linkId, late);
        for (const asked of ranges) {
          const { clicks: sum, bots, series, top } = await readLinkStats(database, linkId, asked);
          expect({ sum, bots, series: named(series, asked), browser: top.browser }).toEqual(
            expected([...clicks, ...withoutMinutes, ...late], asked),
          );
        }
      },
    ),
    { numRuns: 80 },
  );
});

/** What the raw clicks say, worked out without PostgreSQL. */
function expected(clicks: readonly CountedClick[], asked: StatsRange) {
  const { interval } = asked;
  const [from, to] = [asked.from.getTime(), asked.to.getTime()];
  const step = interval === 'minute' ? 1 : quarterMs;
  const [first, last] = [Math.floor(from / step) * step, Math.ceil(to / step) * step];
  const inRange = clicks.filter(({ at }) => at >= first && at < last);
  const people = inRange.filter(({ isBot }) => !isBot);
  const firstDay = Math.floor(from / dayMs) * dayMs;
  const lastDay = Math.ceil(to / dayMs) * dayMs;
  const browsers = clicks.filter(({ at, isBot }) => !isBot && at >= firstDay && at < lastDay);
  return {
    sum: people.length,
    bots: inRange.length - people.length,
    series: named(
      people.map(({ at }) => ({ time: new Date(at).toISOString(), clicks: 1 })),
      asked,
    ),
    browser: Object.entries(Object.groupBy(browsers, ({ browser }) => browser))
      .map(([value, all = []]) => ({ value, clicks: all.length }))
      .sort((a, b) => b.clicks - a.clicks || (a.value < b.value ? -1 : 1))
      .slice(0, 10),
  };
}

/** Clicks by the name that a bucket has on the wall: hours that come twice have one. Empty ones are left out. */
function named(
  series: readonly { time: string; clicks: number }[],
  { interval, timezone }: StatsRange,
) {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: interval === 'minute' ? 'UTC' : timezone,
    dateStyle: 'short',
    ...(interval !== 'day' && { timeStyle: 'short' }),
  });
  const names = new Map<string, number>();
  for (const { time, clicks } of series) {
    const name = format.format(new Date(time));
    const bucket = interval === 'hour' ? name.replace(/:\d\d/, '') : name;
    if (clicks > 0) names.set(bucket, (names.get(bucket) ?? 0) + clicks);
  }
  return Object.fromEntries(names);
}
