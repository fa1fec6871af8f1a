import { rollUpStatements } from '../../load/seed/roll-up-statements.ts';
import type { House } from '../bench.ts';
import { withoutIndexes } from './without-indexes.ts';

/** Within the 90 days for which raw clicks are kept. */
const days = 80;

/**
 * Makes a link that has been followed `count` times in the last 80 days, and resolves to its slug: raw clicks, evenly over time,
 * and the roll-ups that follow from them, as redirect-jobs and worker would have written them. Of the rest of the year there are
 * roll-ups alone, like those of the 80 days.
 */
export async function seedClicks({ stack, clicks }: House, count: number): Promise<string> {
  const { sql } = stack;
  const slug = 'followed-often';
  const [link] = await sql<{ id: string }>(
    `INSERT INTO links (account_id, slug, url, created_at)
     SELECT id, $1, 'https://example.com/often', now() - interval '100 days'
     FROM accounts WHERE email = 'demo@example.com' RETURNING id`,
    [slug],
  );
  const id = Number(link?.id);
  clicks.exclude(id);
  await sql(partitions);
  await withoutIndexes(sql, 'clicks', async () => {
    const half = Math.floor(count / 2);
    await Promise.all([
      sql(rawClicks, [id, count, 1, half]),
      sql(rawClicks, [id, count, half + 1, count]),
    ]);
  });
  const rollUps = rollUpStatements(`(SELECT * FROM clicks WHERE link_id = ${id})`);
  await Promise.all(rollUps.map((text) => sql(text)));
  await Promise.all(rollUpsBefore.map((text) => sql(text, [id])));
  await sql(monthsToDate, [id]);
  await sql(
    'ANALYZE clicks, link_minutes, link_quarters, link_days, link_dimensions, link_months_to_date, link_totals',
  );
  await sql('CHECKPOINT');
  return slug;
}

const partitions = `SELECT ensure_day_partition(parent, day::date)
   FROM unnest(ARRAY['clicks', 'link_minutes']) AS parent,
     generate_series(now() - interval '${days + 1} days', now() + interval '1 day', interval '1 day') AS day`;

/** Sixty countries, two hundred referrers, a tenth of bots; a visitor comes five times a day. */
const rawClicks = `INSERT INTO clicks (clicked_at, link_id, request_id, visitor, is_bot, referrer, country, browser, os, device)
  SELECT now() - interval '${days} days' * (n::float8 / $2::bigint), $1, 'seeded-' || n, (n * 7919) % ($2::bigint / ${days} / 5 + 1), n % 10 = 0,
    CASE WHEN n % 3 = 0 THEN NULL ELSE 'site-' || n % 200 || '.example' END,
    chr(65 + (n % 6)::int) || chr(65 + (n % 10)::int),
    (ARRAY['Chrome', 'Safari', 'Firefox', 'Edge', 'Opera', 'Samsung Internet'])[1 + (n % 6)::int],
    (ARRAY['Windows', 'Android', 'iOS', 'macOS', 'Linux'])[1 + (n % 5)::int],
    (ARRAY['desktop', 'mobile', 'tablet'])[1 + (n % 3)::int]
  FROM generate_series($3::bigint, $4::bigint) AS n`;

/** Seventy whole days of the 80, five times: each time so much earlier that they meet no others. */
const again = `generate_series(1, 5) AS n WHERE link_id = $1`;
const whole = `BETWEEN now() - interval '79 days' AND now() - interval '9 days'`;
const rollUpsBefore = [
  `INSERT INTO link_quarters SELECT link_id, quarter_at - n * interval '73 days', clicks, bots
   FROM link_quarters, ${again} AND quarter_at::date ${whole}`,
  `INSERT INTO link_days SELECT link_id, day - n * 73, clicks, bots, uniques
   FROM link_days, ${again} AND day ${whole}`,
  `INSERT INTO link_dimensions SELECT link_id, day - n * 73, dimension, value, clicks
   FROM link_dimensions, ${again} AND day ${whole}`,
];

const monthsToDate = `INSERT INTO link_months_to_date (link_id, day, clicks, dimensions, "values", value_clicks)
  SELECT $1, day, days.clicks, dimensions, "values", value_clicks FROM (
    SELECT day, month, sum(clicks) OVER (PARTITION BY month ORDER BY day) AS clicks
    FROM link_days, LATERAL (SELECT date_trunc('month', day::timestamp)::date AS month) AS its
    WHERE link_id = $1 AND day < (now() AT TIME ZONE 'UTC')::date) AS days,
  LATERAL (
    SELECT array_agg(dimension) AS dimensions, array_agg(value) AS "values", array_agg(clicks) AS value_clicks FROM (
      SELECT dimension, value, sum(clicks) AS clicks FROM link_dimensions AS of_day
      WHERE link_id = $1 AND of_day.day >= month AND of_day.day <= days.day GROUP BY 1, 2) AS sums) AS added_up`;
