import { createDatabase } from '@shortstack/db';
import { expect, onTestFinished, test } from 'vitest';
import { createLinkMonthStore } from '../src/data/link-months.ts';
import { addUpMonths } from '../src/domain/add-up-months.ts';
import { openDatabase } from './start-worker.ts';

const now = () => new Date('2026-11-21T23:30:00Z');
const never = new AbortController().signal;

async function openMonths() {
  const { database, owner } = await openDatabase();
  const worker = createDatabase({ url: database.urlFor('worker'), applicationName: 'test' });
  onTestFinished(() => worker.close());
  const store = createLinkMonthStore(worker);
  return {
    /** So many clicks of one country on a day of a link. */
    count: async (linkId: number, day: string, country: string, clicks: number) => {
      await owner.query(
        `INSERT INTO link_totals AS old VALUES ($1, $2, 0, now()) ON CONFLICT (link_id) DO UPDATE SET clicks = old.clicks + excluded.clicks`,
        [linkId, clicks],
      );
      await owner.query(
        `INSERT INTO link_days AS old VALUES ($1, $2, $3, 0, 0) ON CONFLICT (link_id, day) DO UPDATE SET clicks = old.clicks + excluded.clicks`,
        [linkId, day, clicks],
      );
      await owner.query(
        `INSERT INTO link_dimensions AS old VALUES ($1, $2, 2, $3, $4)
         ON CONFLICT (link_id, day, dimension, value) DO UPDATE SET clicks = old.clicks + excluded.clicks`,
        [linkId, day, country, clicks],
      );
    },
    addUp: () => addUpMonths(store, { now, signal: never }),
    months: async () => {
      const { rows } = await owner.query<{ month: string }>(
        `SELECT link_id || ' ' || day || ' ' || clicks || ': ' || string_agg(value || ' ' || n, ', ' ORDER BY value) AS month
         FROM link_months_to_date, unnest("values", value_clicks) AS each (value, n) GROUP BY link_id, day, clicks ORDER BY 1`,
      );
      return rows.map(({ month }) => month);
    },
  };
}

test('months with a thousand clicks are added up by the end of each past day, and again when clicks come late', async () => {
  const { count, addUp, months } = await openMonths();
  await count(1, '2026-09-30', 'DE', 600);
  await count(1, '2026-09-02', 'DE', 500);
  await count(1, '2026-09-02', 'FR', 1);
  await count(1, '2026-10-01', 'DE', 999);
  await count(1, '2026-11-20', 'DE', 5_000);
  await count(1, '2026-11-21', 'DE', 5_000);
  await count(2, '2026-10-31', 'DE', 999);

  expect(await addUp()).toBe(2);
  expect(await months()).toEqual([
    ...['1 2026-09-30 1101: DE 1100, FR 1', '1 2026-11-20 5000: DE 5000'],
  ]);
  expect(await addUp()).toBe(0);

  await count(1, '2026-09-02', 'FR', 999);
  await count(1, '2026-10-31', 'FR', 1);
  expect(await addUp()).toBe(3);
  expect(await months()).toEqual([
    ...['1 2026-09-02 1500: DE 500, FR 1000', '1 2026-09-30 2100: DE 1100, FR 1000'],
    ...['1 2026-10-31 1000: DE 999, FR 1', '1 2026-11-20 5000: DE 5000'],
  ]);
});

test('a day is added to what was added up of the days before', async () => {
  const { count, addUp, months } = await openMonths();
  await count(1, '2026-10-01', 'DE', 1_000);
  expect(await addUp()).toBe(1);
  await count(1, '2026-10-02', 'DE', 1);
  await count(1, '2026-10-03', 'FR', 1);
  expect(await addUp()).toBe(2);
  expect(await months()).toEqual([
    ...[
      '1 2026-10-01 1000: DE 1000',
      '1 2026-10-02 1001: DE 1001',
      '1 2026-10-03 1002: DE 1001, FR 1',
    ],
  ]);
});

test('many links and days are added up in portions, by two workers at once too', async () => {
  const { count, addUp, months } = await openMonths();
  for (let linkId = 1; linkId <= 120; linkId += 1) {
    await count(linkId, '2026-09-15', 'DE', 1_000);
    if (linkId % 2 === 0) await count(linkId, '2026-10-15', 'DE', 1_000);
  }
  await Promise.all([addUp(), addUp()]);
  expect(await months()).toHaveLength(180);
  expect(await addUp()).toBe(0);
});
