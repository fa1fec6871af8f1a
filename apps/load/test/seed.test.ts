import { createTestDatabase, openTestPool } from '@shortstack/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import { removeSeed } from '../src/load/seed/remove-seed.ts';
import { seed } from '../src/load/seed/seed.ts';
import { parseSeedOptions, type SeedOptions } from '../src/load/seed/seed-options.ts';
import { seededSlug } from '../src/load/seeded-slug.ts';

const database = await createTestDatabase();
const sql = await openTestPool(database.ownerUrl);
beforeAll(() => {
  vi.spyOn(console, 'log').mockReturnValue();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

const never = new AbortController().signal;
function options(...args: string[]): SeedOptions {
  return parseSeedOptions(['--database-url', database.ownerUrl, ...args], {});
}

async function one<Row extends object>(query: string): Promise<Row | undefined> {
  return (await sql.query<Row>(query)).rows[0];
}

it('seeds links, more links, and clicks with which every roll-up agrees', async () => {
  await seed(options('--links', '300'), never);
  await seed(
    options('--links', '400', '--clicks', '130000', '--days', '3', '--keys', 'hot:1:0.9'),
    never,
  );

  const { rows: slugs } = await sql.query<{ slug: string }>('SELECT slug FROM links ORDER BY id');
  expect(slugs.map(({ slug }) => slug)).toEqual(
    Array.from({ length: 400 }, (_, at) => seededSlug(at)),
  );

  // Each table by link, against the raw clicks by link.
  const sums = `SELECT link_id, count(*) FILTER (WHERE NOT is_bot) AS clicks, count(*) FILTER (WHERE is_bot) AS bots
    FROM clicks GROUP BY 1`;
  const uniques = `SELECT link_id, (clicked_at AT TIME ZONE 'UTC')::date AS day, count(DISTINCT visitor) AS n
    FROM clicks WHERE NOT is_bot GROUP BY 1, 2`;
  const differences = await one(`SELECT
    (SELECT count(*)::int FROM clicks) AS clicks,
    (SELECT count(DISTINCT request_id)::int FROM clicks) AS ids,
    (SELECT sum(clicks + bots)::int FROM link_totals) AS "inTotals",
    (SELECT sum(clicks + bots)::int FROM link_days) AS "inDays",
    (SELECT sum(clicks + bots)::int FROM link_quarters) AS "inQuarters",
    (SELECT count(*)::int FROM (SELECT sum(clicks) AS n FROM link_dimensions GROUP BY dimension) AS d
      WHERE n <> (SELECT count(*) FROM clicks WHERE NOT is_bot)) AS dimensions,
    (SELECT count(*)::int FROM (${sums} EXCEPT SELECT link_id, clicks, bots FROM link_totals) AS d) AS totals,
    (SELECT count(*)::int FROM (${sums} EXCEPT SELECT link_id, sum(clicks), sum(bots) FROM link_days GROUP BY 1) AS d) AS days,
    (SELECT count(*)::int FROM (
      SELECT link_id, date_bin('15 min', clicked_at, 'epoch'), count(*) FROM clicks GROUP BY 1, 2
      EXCEPT SELECT link_id, quarter_at, clicks + bots FROM link_quarters) AS d) AS quarters,
    (SELECT count(*)::int FROM (
      SELECT link_id, date_bin('1 min', clicked_at, 'epoch'), count(*) FROM clicks GROUP BY 1, 2
      EXCEPT SELECT link_id, minute_at, clicks + bots FROM link_minutes) AS d) AS minutes,
    (SELECT count(*)::int FROM (${uniques} EXCEPT SELECT link_id, day, uniques FROM link_days) AS d) AS uniques,
    (SELECT count(*)::int FROM (
      SELECT link_id, (clicked_at AT TIME ZONE 'UTC')::date, 1::int2, coalesce(referrer, 'direct'), count(*)::int
      FROM clicks WHERE NOT is_bot GROUP BY 1, 2, 4
      EXCEPT SELECT * FROM link_dimensions WHERE dimension = 1) AS d) AS referrers,
    (SELECT count(*)::int FROM link_totals AS t WHERE last_clicked_at <>
      (SELECT max(clicked_at) FROM clicks WHERE clicks.link_id = t.link_id)) AS last`);
  expect(differences).toEqual({
    clicks: 130_000,
    ids: 130_000,
    inTotals: 130_000,
    inDays: 130_000,
    inQuarters: 130_000,
    dimensions: 0,
    totals: 0,
    days: 0,
    quarters: 0,
    minutes: 0,
    uniques: 0,
    referrers: 0,
    last: 0,
  });
});

it('clicks are seeded once', async () => {
  await expect(seed(options('--clicks', '10'), never)).rejects.toThrow('seed --remove');
});

it('takes everything away again, and nothing else', async () => {
  await sql.query(`INSERT INTO link_totals VALUES (1, 5, 0, now())`);
  await removeSeed(options('--remove'), never);
  const left =
    await one(`SELECT (SELECT count(*)::int FROM links) AS links, (SELECT count(*)::int FROM clicks) AS clicks,
    (SELECT count(*)::int FROM link_days) AS days, (SELECT count(*)::int FROM accounts) AS accounts,
    (SELECT count(*)::int FROM link_totals) AS totals`);
  expect(left).toEqual({ links: 0, clicks: 0, days: 0, accounts: 0, totals: 1 });
});
