import { createTestDatabase, openTestPool, until } from '@shortstack/testing';
import { expect, it } from 'vitest';
import { auditClicks, databaseTime } from '../src/load/audit.ts';
import { createBitmap } from '../src/load/bitmap.ts';

const database = await createTestDatabase();
const sql = await openTestPool(database.ownerUrl);
await sql.query(
  `SELECT ensure_day_partition('clicks', (now() AT TIME ZONE 'UTC')::date + n) FROM generate_series(-1, 1) AS n`,
);

/** Create may read clicks and not write them. */
const databaseUrl = database.urlFor('create');

async function count(ids: readonly string[], at = new Date()): Promise<void> {
  await sql.query(
    'INSERT INTO clicks (clicked_at, link_id, request_id, is_bot) SELECT $2, 1, unnest($1::text[]), false',
    [ids, at],
  );
}

/** A thread that sent requests 0 … issued - 1 and had a redirect for all but these. */
function thread(
  issued: number,
  unanswered: readonly number[] = [],
  refusals: readonly number[] = [],
) {
  const answered = createBitmap();
  const refused = createBitmap();
  for (let at = 0; at < issued; at += 1) {
    if (refusals.includes(at)) refused.add(at);
    else if (!unanswered.includes(at)) answered.add(at);
  }
  return { issued, answered: answered.bytes, refused: refused.bytes };
}

const idsOf = (runId: string, of: number, numbers: readonly number[]) =>
  numbers.map((number) => `${runId}-${of}-${number}`);
const upTo = (end: number) => Array.from({ length: end }, (_, at) => at);

it('finds nothing to complain of when each answered request is counted once', async () => {
  const startedAt = await databaseTime(databaseUrl);
  await count(idsOf('load-a', 0, upTo(3_000)));
  await count(idsOf('load-a', 1, upTo(17)));
  // Of another run, whose name begins alike, and of long ago.
  await count(idsOf('load-a2', 0, [0, 1]));
  await count(idsOf('load-a', 0, [0, 1]), new Date(Date.now() - 20 * 60_000));
  const threads = [thread(3_000), thread(17)];
  const audit = await auditClicks({
    databaseUrl,
    runId: 'load-a',
    startedAt,
    threads,
    settleMs: 5_000,
  });
  expect(audit).toMatchObject({
    answered: 3_017,
    countedOnce: 3_017,
    lost: 0,
    doubled: 0,
    unansweredButCounted: 0,
    invented: 0,
  });
});

it('finds what was lost, doubled, counted without an answer, and never sent', async () => {
  const startedAt = await databaseTime(databaseUrl);
  const lost = [0, 7, 64, 999];
  await count(
    idsOf(
      'load-b',
      0,
      upTo(1_000).filter((at) => !lost.includes(at)),
    ),
  );
  await count(idsOf('load-b', 0, [5, 5, 500]));
  await count(idsOf('load-b', 0, [1_000]));
  await count(idsOf('load-b', 1, [3]));
  const threads = [thread(1_000, [20, 21, 999], [30, 64])];
  const audit = await auditClicks({
    databaseUrl,
    runId: 'load-b',
    startedAt,
    threads,
    settleMs: 100,
  });
  expect(audit).toMatchObject({
    answered: 995,
    // Less two lost ones and two doubled ones: 64 was refused, 999 was not answered.
    countedOnce: 991,
    lost: 2,
    doubled: 2,
    refusedButCounted: 1,
    unanswered: 3,
    unansweredButCounted: 2,
    invented: 2,
  });
});

it('waits for clicks that are on their way for as long as more keep coming', async () => {
  const startedAt = await databaseTime(databaseUrl);
  const settleMs = 1_500;
  const audit = auditClicks({
    ...{ databaseUrl, startedAt, settleMs },
    runId: 'load-c',
    threads: [thread(100)],
  });
  let lookedAt = '';
  // Each time the audit has looked, in all for longer than it waits at a standstill.
  for (let from = 0; from < 100; from += 20) {
    await until(async () => {
      const { rows } = await sql.query<{ at: string }>(
        `SELECT query_start::text AS at FROM pg_stat_activity WHERE application_name = 'shortstack load audit'
         AND state = 'idle' AND query LIKE 'SELECT count(*) FROM clicks%'`,
      );
      const at = rows[0]?.at ?? lookedAt;
      const isNew = at !== lookedAt;
      lookedAt = at;
      return isNew;
    });
    await count(idsOf('load-c', 0, upTo(from + 20).slice(from)));
  }
  const found = await audit;
  expect(found).toMatchObject({ answered: 100, countedOnce: 100, lost: 0 });
  expect(found.settledAfterMs).toBeGreaterThan(settleMs);
});
