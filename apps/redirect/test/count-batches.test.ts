import { randomUUID } from 'node:crypto';
import { createDatabase, isDatabaseUnavailable } from '@shortstack/db';
import { createTestDatabase, openTestPool, until } from '@shortstack/testing';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { appendClick, type ClickBatch, type RawClick } from '../src/clicks/click-batch.ts';
import { createBatchCounter } from '../src/ingestion/count-batches.ts';
import { BadBatchError } from '../src/ingestion/parse-batch.ts';

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

const database = await createTestDatabase();
const pool = await openTestPool(database.urlFor('redirectJobs'));
const owner = await openTestPool(database.ownerUrl);

let requests = 0;
function click(linkId: number, change: Partial<RawClick> = {}): RawClick {
  requests += 1;
  return {
    clickedAt: Date.now(),
    linkId,
    requestId: `request-${requests}`,
    address: '203.0.113.7',
    isPrefetch: false,
    userAgent: chrome,
    referrer: '',
    country: '',
    ...change,
  };
}

function batchOf(bootId: string, sequence: number, clicks: readonly RawClick[]): ClickBatch {
  return { bootId, sequence, payload: clicks.reduce(appendClick, '') };
}

async function totalsOf(linkId: number) {
  const { rows } = await owner.query(
    'SELECT clicks::int, bots::int FROM link_totals WHERE link_id = $1',
    [linkId],
  );
  return rows[0] ?? { clicks: 0, bots: 0 };
}

test('a batch counts once, however often and in whatever company it arrives', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  const bootId = randomUUID();
  const first = batchOf(bootId, 1, [click(1), click(1)]);
  const second = batchOf(bootId, 2, [click(1)]);

  await countBatches([second]);
  await countBatches([first, second, first]);
  await Promise.all([countBatches([first, second]), countBatches([second, first])]);

  expect(await totalsOf(1)).toEqual({ clicks: 3, bots: 0 });
});

test('the same number of another boot is another batch', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  await countBatches([batchOf(randomUUID(), 1, [click(2)]), batchOf(randomUUID(), 1, [click(2)])]);
  expect(await totalsOf(2)).toEqual({ clicks: 2, bots: 0 });
});

test('bots and prefetches count apart, and only people are in uniques and breakdowns', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  await countBatches([
    batchOf(randomUUID(), 1, [
      click(3, { referrer: 'https://www.example.com/page?q=1' }),
      click(3, { address: '203.0.113.8', country: 'DE' }),
      click(3),
      click(3, { userAgent: 'curl/8.5.0' }),
      click(3, { isPrefetch: true }),
    ]),
  ]);

  expect(await totalsOf(3)).toEqual({ clicks: 3, bots: 2 });
  const days = await owner.query('SELECT clicks, bots, uniques FROM link_days WHERE link_id = 3');
  expect(days.rows).toEqual([{ clicks: 3, bots: 2, uniques: 2 }]);
  const dimensions = await owner.query(
    'SELECT dimension, value, clicks FROM link_dimensions WHERE link_id = 3 ORDER BY 1, 2',
  );
  expect(dimensions.rows).toEqual([
    { dimension: 1, value: 'direct', clicks: 2 },
    { dimension: 1, value: 'example.com', clicks: 1 },
    { dimension: 2, value: 'DE', clicks: 1 },
    { dimension: 3, value: 'Chrome', clicks: 3 },
    { dimension: 4, value: 'Linux', clicks: 3 },
    { dimension: 5, value: 'desktop', clicks: 3 },
  ]);
});

test('of invented referrers and browsers a hundred a day have rows, and the others count together', async () => {
  const invented = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) =>
      click(8, {
        referrer: `https://invented-${from + at}.example/`,
        userAgent: `Invented${from + at}/1.0 (X11; Linux x86_64)`,
      }),
    );
  const bootId = randomUUID();
  await createBatchCounter({ pool, clickRetentionDays: 90 })([batchOf(bootId, 1, invented(0, 60))]);
  // Another process, which has seen nothing yet.
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  await countBatches([batchOf(bootId, 2, invented(30, 110))]);
  await countBatches([batchOf(bootId, 3, invented(0, 200))]);

  const { rows } = await owner.query(
    `SELECT dimension, count(*)::int AS values, sum(clicks)::int AS clicks,
       (sum(clicks) FILTER (WHERE value = 'other'))::int AS other FROM link_dimensions
     WHERE link_id = 8 AND dimension IN (1, 3) GROUP BY 1 ORDER BY 1`,
  );
  const bounded = { values: 101, clicks: 340, other: 10 + 100 };
  expect(rows).toEqual([
    { dimension: 1, ...bounded },
    { dimension: 3, ...bounded },
  ]);
});

test('raw clicks keep the request id and whatever a header may hold', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  await countBatches([
    batchOf(randomUUID(), 1, [
      click(4, { requestId: 'a-b_c.1', referrer: 'https://exa\tmple.com/\\', country: '\\N' }),
    ]),
  ]);
  const { rows } = await owner.query(
    'SELECT request_id, referrer, country, host(NULL::inet) AS address FROM clicks WHERE link_id = 4',
  );
  expect(rows).toEqual([
    { request_id: 'a-b_c.1', referrer: 'example.com', country: null, address: null },
  ]);
});

test('a click past the retention of raw clicks is still in the statistics', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 30 });
  await countBatches([
    batchOf(randomUUID(), 1, [click(5, { clickedAt: Date.now() - 40 * 86_400_000 })]),
  ]);
  expect(await totalsOf(5)).toEqual({ clicks: 1, bots: 0 });
  expect((await owner.query('SELECT 1 FROM clicks WHERE link_id = 5')).rowCount).toBe(0);
  expect((await owner.query('SELECT 1 FROM link_minutes WHERE link_id = 5')).rowCount).toBe(0);
});

test('clicks are counted by the minute, in whatever order they come', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  const bootId = randomUUID();
  const noon = Date.now() - (Date.now() % 86_400_000) - 43_200_000;
  const at = (ms: number, change: Partial<RawClick> = {}) =>
    click(9, { clickedAt: noon + ms, ...change });
  await countBatches([batchOf(bootId, 1, [at(59_999), at(0), at(60_000)])]);
  await countBatches([batchOf(bootId, 2, [at(30_000), at(31_000, { userAgent: 'curl/8.5.0' })])]);
  const { rows } = await owner.query(
    `SELECT extract(epoch FROM minute_at - $1)::int AS at, clicks, bots FROM link_minutes WHERE link_id = 9 ORDER BY 1`,
    [new Date(noon)],
  );
  expect(rows).toEqual([
    { at: 0, clicks: 3, bots: 1 },
    { at: 60, clicks: 1, bots: 0 },
  ]);
});

test('a connection that breaks in the middle fails that count alone, and the next one counts', async () => {
  const breaking = createDatabase({
    url: database.urlFor('redirectJobs'),
    applicationName: 'breaking',
  });
  onTestFinished(() => breaking.close());
  const countBatches = createBatchCounter({ pool: breaking.pool, clickRetentionDays: 90 });
  const batch = batchOf(randomUUID(), 1, [click(7)]);
  const lock = await owner.connect();
  await lock.query('BEGIN');
  await lock.query('LOCK TABLE link_totals');
  const failure = countBatches([batch]).then(
    () => undefined,
    (error: unknown) => error,
  );
  await until(async () => {
    const { rowCount } = await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'breaking' AND wait_event_type = 'Lock'`,
    );
    return rowCount === 1;
  });
  expect(await failure).toSatisfy(isDatabaseUnavailable);
  await lock.query('COMMIT');
  lock.release();
  await countBatches([batch]);
  expect(await totalsOf(7)).toEqual({ clicks: 1, bots: 0 });
});

test('a batch that is no batch is refused whole, and nothing of its company is counted', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  const good = batchOf(randomUUID(), 1, [click(6)]);
  const bad = { ...batchOf(randomUUID(), 1, [click(6)]), payload: 'not a click' };
  await expect(countBatches([good, bad])).rejects.toThrow(BadBatchError);
  expect(await totalsOf(6)).toEqual({ clicks: 0, bots: 0 });
});

test('whatever arrives twice, late or out of order, counts add up', async () => {
  const countBatches = createBatchCounter({ pool, clickRetentionDays: 90 });
  let linkId = 1_000;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
      async (deliveries) => {
        const bootId = randomUUID();
        linkId += 1;
        const mine = linkId;
        const batches = Array.from({ length: 10 }, (_, at) =>
          batchOf(
            bootId,
            at + 1,
            Array.from({ length: at + 1 }, () => click(mine)),
          ),
        );
        for (const delivery of deliveries)
          await countBatches(delivery.map((at) => batches[at] as ClickBatch));
        const delivered = new Set(deliveries.flat());
        const expected = [...delivered].reduce((sum, at) => sum + at + 1, 0);
        expect(await totalsOf(mine)).toEqual({ clicks: expected, bots: 0 });
        expect(
          (
            await owner.query(
              'SELECT count(DISTINCT request_id)::int AS n FROM clicks WHERE link_id = $1',
              [mine],
            )
          ).rows,
        ).toEqual([{ n: expected }]);
      },
    ),
    { numRuns: 25 },
  );
});
