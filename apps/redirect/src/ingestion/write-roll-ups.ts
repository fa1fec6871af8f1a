import type { PoolClient } from 'pg';
import { addUpDays, addUpTotals, type LinkDay } from './add-up.ts';
import type { createValueBound } from './bound-values.ts';
import type { LinkQuarter } from './roll-up.ts';

export interface RollUpOptions {
  boundValues: ReturnType<typeof createValueBound>;
  /** Minutes before are not kept: their partition is gone. */
  minutesSince: number;
}

/**
 * Adds sums, which are in the order of their links, to the roll-up tables in the client's transaction. The rows in `link_totals` are
 * written first and in order: they are the locks for all else of their links, so two writers never deadlock.
 */
export async function writeRollUps(
  client: PoolClient,
  quarters: readonly LinkQuarter[],
  { boundValues, minutesSince }: RollUpOptions,
): Promise<void> {
  const totals = addUpTotals(quarters);
  await client.query(
    `INSERT INTO link_totals AS old (link_id, clicks, bots, last_clicked_at)
     SELECT link_id, clicks, bots, to_timestamp(last_clicked_at / 1000.0)
     FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) AS new (link_id, clicks, bots, last_clicked_at)
     ON CONFLICT (link_id) DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots,
       last_clicked_at = greatest(old.last_clicked_at, excluded.last_clicked_at)`,
    [
      arrayOf(totals, ({ linkId }) => linkId),
      arrayOf(totals, ({ clicks }) => clicks),
      arrayOf(totals, ({ bots }) => bots),
      arrayOf(totals, ({ lastClickedAt }) => lastClickedAt),
    ],
  );
  await client.query(
    `INSERT INTO link_quarters AS old (link_id, quarter_at, clicks, bots)
     SELECT link_id, to_timestamp(quarter_at / 1000.0), clicks, bots
     FROM unnest($1::int8[], $2::int8[], $3::int4[], $4::int4[]) AS new (link_id, quarter_at, clicks, bots)
     ON CONFLICT (link_id, quarter_at) DO UPDATE
     SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots`,
    [
      arrayOf(quarters, ({ linkId }) => linkId),
      arrayOf(quarters, ({ quarterAt }) => quarterAt),
      arrayOf(quarters, ({ clicks }) => clicks),
      arrayOf(quarters, ({ bots }) => bots),
    ],
  );

  const minutes = quarters.flatMap(({ linkId, quarterAt, minutes }) =>
    quarterAt < minutesSince ? [] : minutes.map((minute) => ({ linkId, ...minute })),
  );
  await client.query(
    `INSERT INTO link_minutes AS old (link_id, minute_at, clicks, bots)
     SELECT link_id, to_timestamp(minute_at / 1000.0), clicks, bots
     FROM unnest($1::int8[], $2::int8[], $3::int4[], $4::int4[]) AS new (link_id, minute_at, clicks, bots)
     ON CONFLICT (link_id, minute_at) DO UPDATE
     SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots`,
    [
      arrayOf(minutes, ({ linkId }) => linkId),
      arrayOf(minutes, ({ minuteAt }) => minuteAt),
      arrayOf(minutes, ({ clicks }) => clicks),
      arrayOf(minutes, ({ bots }) => bots),
    ],
  );

  const days = addUpDays(quarters);
  const newVisitors = await countNewVisitors(client, days);
  await client.query(
    `INSERT INTO link_days AS old (link_id, day, clicks, bots, uniques)
     SELECT * FROM unnest($1::int8[], $2::date[], $3::int4[], $4::int4[], $5::int4[])
     ON CONFLICT (link_id, day) DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots,
       uniques = old.uniques + excluded.uniques`,
    [
      arrayOf(days, ({ linkId }) => linkId),
      arrayOf(days, ({ day }) => day),
      arrayOf(days, ({ clicks }) => clicks),
      arrayOf(days, ({ bots }) => bots),
      arrayOf(days, ({ linkId, day }) => newVisitors.get(`${linkId} ${day}`) ?? 0),
    ],
  );

  const bounded = await boundValues(client, days);
  const values = bounded.flatMap(({ linkId, day, values }) =>
    [...values].map(([{ dimension, value }, clicks]) => ({
      linkId,
      day,
      dimension,
      value,
      clicks,
    })),
  );
  await client.query(
    `INSERT INTO link_dimensions AS old (link_id, day, dimension, value, clicks)
     SELECT * FROM unnest($1::int8[], $2::date[], $3::int2[], $4::text[], $5::int4[])
     ON CONFLICT (link_id, day, dimension, value) DO UPDATE SET clicks = old.clicks + excluded.clicks`,
    [
      arrayOf(values, ({ linkId }) => linkId),
      arrayOf(values, ({ day }) => day),
      arrayOf(values, ({ dimension }) => dimension),
      arrayOf(values, ({ value }) => quoted(value)),
      arrayOf(values, ({ clicks }) => clicks),
    ],
  );
}

/** Remembers who visited and returns, per link and day, how many were new. */
async function countNewVisitors(
  client: PoolClient,
  days: readonly LinkDay[],
): Promise<Map<string, number>> {
  const visits = days.flatMap(({ linkId, day, visitors }) =>
    [...visitors]
      .filter(({ countedFor }) => !countedFor.has(linkId))
      .map(({ id }) => ({ linkId, day, id })),
  );
  if (visits.length === 0) return new Map();
  const { rows } = await client.query<{ name: string; count: string }>(
    `WITH new AS (
       INSERT INTO daily_visitors (day, link_id, visitor) SELECT * FROM unnest($1::date[], $2::int8[], $3::int8[])
       ON CONFLICT DO NOTHING RETURNING link_id, day
     ) SELECT link_id || ' ' || to_char(day, 'YYYY-MM-DD') AS name, count(*) FROM new GROUP BY link_id, day`,
    [
      arrayOf(visits, ({ day }) => day),
      arrayOf(visits, ({ linkId }) => linkId),
      arrayOf(visits, ({ id }) => id),
    ],
  );
  return new Map(rows.map((row) => [row.name, Number(row.count)]));
}

/** An array as PostgreSQL reads it. The driver would look at each element for what has to be escaped. */
function arrayOf<R>(rows: readonly R[], elementOf: (row: R) => number | string): string {
  let text = '';
  for (const row of rows) text += text === '' ? elementOf(row) : `,${elementOf(row)}`;
  return `{${text}}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
