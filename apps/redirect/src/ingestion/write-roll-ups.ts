import type { PoolClient } from 'pg';
import type { RollUps } from './roll-up.ts';

/** Adds sums to the roll-up tables in the client's transaction. Rows go in the order of their keys, so two writers never deadlock. */
export async function writeRollUps(client: PoolClient, sums: RollUps): Promise<void> {
  const quarters = sorted(
    sums.quarters,
    (a, b) => a.linkId - b.linkId || a.quarterAt - b.quarterAt,
  );
  await client.query(
    `INSERT INTO link_quarters AS old (link_id, quarter_at, clicks, bots)
     SELECT link_id, to_timestamp(quarter_at / 1000.0), clicks, bots
     FROM unnest($1::int8[], $2::int8[], $3::int4[], $4::int4[]) AS new (link_id, quarter_at, clicks, bots)
     ON CONFLICT (link_id, quarter_at) DO UPDATE
     SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots`,
    columns(quarters, ['linkId', 'quarterAt', 'clicks', 'bots']),
  );

  const newVisitors = await countNewVisitors(client, sums);
  const days = sorted(sums.days, (a, b) => a.linkId - b.linkId || compare(a.day, b.day)).map(
    (row) => ({
      ...row,
      uniques: newVisitors.get(`${row.linkId} ${row.day}`) ?? 0,
    }),
  );
  await client.query(
    `INSERT INTO link_days AS old (link_id, day, clicks, bots, uniques)
     SELECT * FROM unnest($1::int8[], $2::date[], $3::int4[], $4::int4[], $5::int4[])
     ON CONFLICT (link_id, day) DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots,
       uniques = old.uniques + excluded.uniques`,
    columns(days, ['linkId', 'day', 'clicks', 'bots', 'uniques']),
  );

  const dimensions = sorted(
    sums.dimensions,
    (a, b) =>
      a.linkId - b.linkId ||
      compare(a.day, b.day) ||
      a.dimension - b.dimension ||
      compare(a.value, b.value),
  );
  await client.query(
    `INSERT INTO link_dimensions AS old (link_id, day, dimension, value, clicks)
     SELECT * FROM unnest($1::int8[], $2::date[], $3::int2[], $4::text[], $5::int4[])
     ON CONFLICT (link_id, day, dimension, value) DO UPDATE SET clicks = old.clicks + excluded.clicks`,
    columns(dimensions, ['linkId', 'day', 'dimension', 'value', 'clicks']),
  );

  const totals = sorted(sums.totals, (a, b) => a.linkId - b.linkId);
  await client.query(
    `INSERT INTO link_totals AS old (link_id, clicks, bots, last_clicked_at)
     SELECT link_id, clicks, bots, to_timestamp(last_clicked_at / 1000.0)
     FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) AS new (link_id, clicks, bots, last_clicked_at)
     ON CONFLICT (link_id) DO UPDATE SET clicks = old.clicks + excluded.clicks, bots = old.bots + excluded.bots,
       last_clicked_at = greatest(old.last_clicked_at, excluded.last_clicked_at)`,
    columns(totals, ['linkId', 'clicks', 'bots', 'lastClickedAt']),
  );
}

/** Remembers who visited and returns, per link and day, how many were new. */
async function countNewVisitors(client: PoolClient, sums: RollUps): Promise<Map<string, number>> {
  const visitors = sorted(
    sums.visitors,
    (a, b) => compare(a.day, b.day) || a.linkId - b.linkId || (a.visitor < b.visitor ? -1 : 1),
  );
  if (visitors.length === 0) return new Map();
  const { rows } = await client.query<{ name: string; count: string }>(
    `WITH new AS (
       INSERT INTO daily_visitors (day, link_id, visitor) SELECT * FROM unnest($1::date[], $2::int8[], $3::int8[])
       ON CONFLICT DO NOTHING RETURNING link_id, day
     ) SELECT link_id || ' ' || to_char(day, 'YYYY-MM-DD') AS name, count(*) FROM new GROUP BY link_id, day`,
    columns(visitors, ['day', 'linkId', 'visitor']),
  );
  return new Map(rows.map((row) => [row.name, Number(row.count)]));
}

function sorted<R>(rows: Map<unknown, R>, order: (a: R, b: R) => number): R[] {
  return [...rows.values()].sort(order);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function columns<R>(rows: readonly R[], names: readonly (keyof R)[]): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}
