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
  await Promise.all(rollUps.map((text) => sql(text, [id])));
  await Promise.all(rollUpsBefore.map((text) => sql(text, [id])));
  await sql(months, [id]);
  await sql(
    'ANALYZE clicks, link_minutes, link_quarters, link_days, link_dimensions, link_months, link_totals',
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

const rollUps = [
  `INSERT INTO link_minutes (link_id, minute_at, clicks, bots)
   SELECT link_id, date_bin('1 minute', clicked_at, 'epoch'), count(*) FILTER (WHERE NOT is_bot), count(*) FILTER (WHERE is_bot)
   FROM clicks WHERE link_id = $1 GROUP BY 1, 2`,
  `INSERT INTO link_quarters (link_id, quarter_at, clicks, bots)
   SELECT link_id, date_bin('15 minutes', clicked_at, 'epoch'), count(*) FILTER (WHERE NOT is_bot), count(*) FILTER (WHERE is_bot)
   FROM clicks WHERE link_id = $1 GROUP BY 1, 2`,
  `INSERT INTO link_days (link_id, day, clicks, bots, uniques)
   SELECT $1, day, sum(clicks), sum(bots), count(*) FILTER (WHERE clicks > 0) FROM (
     SELECT clicked_at::date AS day, visitor, count(*) FILTER (WHERE NOT is_bot) AS clicks, count(*) FILTER (WHERE is_bot) AS bots
     FROM clicks WHERE link_id = $1 GROUP BY 1, 2) AS visits GROUP BY day`,
  `INSERT INTO link_dimensions (link_id, day, dimension, value, clicks)
   SELECT $1, day, dimension, value, sum(clicks) FROM (
     SELECT clicked_at::date AS day, coalesce(referrer, 'direct') AS referrer, country, browser, os, device, count(*) AS clicks
     FROM clicks WHERE link_id = $1 AND NOT is_bot GROUP BY 1, 2, 3, 4, 5, 6) AS visits,
     LATERAL (VALUES (1, referrer), (2, country), (3, browser), (4, os), (5, device)) AS values (dimension, value)
   GROUP BY 2, 3, 4`,
  `INSERT INTO link_totals (link_id, clicks, bots, last_clicked_at)
   SELECT link_id, count(*) FILTER (WHERE NOT is_bot), count(*) FILTER (WHERE is_bot), max(clicked_at)
   FROM clicks WHERE link_id = $1 GROUP BY 1`,
];

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

const months = `INSERT INTO link_months (link_id, month, clicks, dimensions, "values", value_clicks)
  SELECT $1, month, days.clicks, dimensions, "values", value_clicks FROM (
    SELECT date_trunc('month', day::timestamp)::date AS month, sum(clicks) AS clicks FROM link_days
    WHERE link_id = $1 AND day < date_trunc('month', now()) GROUP BY 1) AS days,
  LATERAL (
    SELECT array_agg(dimension) AS dimensions, array_agg(value) AS "values", array_agg(clicks) AS value_clicks FROM (
      SELECT dimension, value, sum(clicks) AS clicks FROM link_dimensions
      WHERE link_id = $1 AND day >= month AND day < month + interval '1 month' GROUP BY 1, 2) AS sums) AS added_up`;
