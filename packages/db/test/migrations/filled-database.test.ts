import { openTestPool, type TestDatabase } from '@shortstack/testing';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { migrate, postgresRoles, type RolePasswords, type ServiceRole } from '../../src/index.ts';
import { oldRows } from './old-rows.ts';
import { olderDatabase } from './older-database.ts';
import { readJournal } from './read-migrations.ts';

const { entries } = await readJournal();
/** No service has run on 0000 alone, which has no grants. */
const older = entries.slice(1);

test.for(older)(
  'what a database holds after $tag survives the upgrade from there',
  async ({ idx }) => {
    const { database, pool } = await filled(idx);
    const before = await readAll(pool);
    expect(Object.keys(before).filter((table) => before[table]?.length === 0)).toEqual([]);

    await toNewest(database);
    const after = await readAll(pool);
    // A later version may have dropped tables, and columns: `check-migration` sees to that.
    for (const [table, rows] of Object.entries(after).filter(([name]) => name in before)) {
      const old = before[table] ?? [];
      expect(shared(rows, old), table).toEqual(shared(old, rows));
    }
    expect(await clicksOf(pool)).toEqual({ raw: 3, quarters: 3, days: 3, total: 3, dimensions: 3 });
  },
);

test.for(older)('and goes on being written from $tag on', async ({ idx }) => {
  const { database, pool } = await filled(idx);
  await toNewest(database);
  const create = await openTestPool(database.urlFor('create'));
  await create.query(
    `INSERT INTO links (account_id, slug, url) SELECT account_id, 'new', url FROM links LIMIT 1`,
  );
  await create.query(`UPDATE links SET url = 'https://example.com/', version = version + 1`);
  await expect(pool.query('DELETE FROM accounts')).rejects.toMatchObject({ code: '23503' });
  const counter = await openTestPool(database.urlFor('redirectJobs'));
  await counter.query(`SELECT ensure_day_partition('clicks', '2026-01-01')`);
  await counter.query(
    `INSERT INTO clicks (clicked_at, link_id, request_id, is_bot) VALUES ('2026-01-01', 1, 'e', false)`,
  );
  const { rows } = await pool.query('SELECT count(*)::int AS clicks FROM clicks');
  expect(rows).toEqual([{ clicks: 5 }]);
});

test('while a transaction keeps a table, readers are let through and the migration waits', async () => {
  const { database, pool } = await filled(4);
  const writer = await pool.connect();
  await writer.query('BEGIN');
  await writer.query(`UPDATE links SET title = 'kept'`);
  let isMigrated = false;
  const migration = toNewest(database).then(() => {
    isMigrated = true;
  });
  const reader = await openTestPool(database.urlFor('redirect'), { statement_timeout: 4_000 });
  const until = performance.now() + 3_000;
  while (performance.now() < until) await reader.query('SELECT url FROM links');
  expect(isMigrated).toBe(false);
  await writer.query('COMMIT');
  writer.release();
  await migration;
});

async function filled(last: number): Promise<{ database: TestDatabase; pool: Pool }> {
  const database = await olderDatabase(last);
  const pool = await openTestPool(database.ownerUrl);
  for (const [number, rows] of Object.entries(oldRows)) {
    if (Number(number) <= last) await pool.query(rows);
  }
  return { database, pool };
}

async function toNewest(database: TestDatabase): Promise<void> {
  const password = (role: ServiceRole) => new URL(database.urlFor(role)).password;
  await migrate({
    ownerUrl: database.ownerUrl,
    passwords: Object.fromEntries(
      Object.keys(postgresRoles).map((role) => [role, password(role as ServiceRole)]),
    ) as RolePasswords,
  });
}

type Row = Record<string, unknown>;

/** All rows of all tables, by table. */
async function readAll(pool: Pool): Promise<Record<string, Row[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`,
  );
  const read: Record<string, Row[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM "${name}" t`);
    read[name] = rows.map(({ row }) => row);
  }
  return read;
}

/** These rows in the columns that the others have too, in an order that both have. */
function shared(rows: readonly Row[], others: readonly Row[]): string[] {
  const columns = Object.keys(others[0] ?? {});
  return rows
    .map((row) =>
      JSON.stringify(
        columns.filter((column) => column in row).map((column) => [column, row[column]]),
      ),
    )
    .toSorted();
}

/** The clicks of the first link by people, by each table that has them. */
async function clicksOf(pool: Pool): Promise<unknown> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*)::int FROM clicks WHERE NOT is_bot) AS raw,
            (SELECT sum(clicks)::int FROM link_quarters) AS quarters,
            (SELECT sum(clicks)::int FROM link_days) AS days,
            (SELECT sum(clicks)::int FROM link_totals) AS total,
            (SELECT sum(clicks)::int FROM link_dimensions) AS dimensions`,
  );
  return rows[0];
}
