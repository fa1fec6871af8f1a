import { createDatabase } from '@shortstack/db';
import { until } from '@shortstack/testing';
import { Client, type Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createPartitionStore } from '../src/data/partitions.ts';
import { keepPartitions } from '../src/domain/keep-partitions.ts';
import { utcDay } from '../src/domain/partition-plan.ts';
import { openDatabase, startWorkerJobs } from './start-worker.ts';

const now = new Date('2026-11-21T23:30:00Z');
const options = { keepDays: { clicks: 90, daily_visitors: 3, link_minutes: 90 }, now: () => now };

async function openStore(maintenanceTimeoutMs = 10_000) {
  const { database, owner } = await openDatabase();
  const open = (statementTimeoutMs: number) => {
    const opened = createDatabase({
      url: database.urlFor('worker'),
      applicationName: 'test',
      statementTimeoutMs,
    });
    onTestFinished(() => opened.close());
    return opened;
  };
  const store = createPartitionStore({
    database: open(4_000),
    maintenance: open(maintenanceTimeoutMs),
  });
  return { database, owner, store, keep: () => keepPartitions(store, options) };
}

async function partitionsIn(owner: Pool): Promise<string[]> {
  const { rows } = await owner.query(
    `SELECT relname FROM pg_class WHERE relnamespace = 'partitions'::regnamespace AND relkind = 'r' ORDER BY relname`,
  );
  return rows.map(({ relname }) => relname);
}

/** Days from today, as they end partitions' names. */
const names = (table: string, days: number[]) =>
  days.map((day) => `${table}_${utcDay(now, day).replaceAll('-', '')}`);
const ahead = [0, 1, 2, 3, 4, 5, 6, 7];

test('the partitions of today and the next seven days are made, and those past their retention dropped', async () => {
  const { owner, store, keep } = await openStore();
  for (const day of [-91, -90, -4, -3]) {
    await store.ensureDay('clicks', utcDay(now, day));
    await store.ensureDay('daily_visitors', utcDay(now, day));
    await store.ensureDay('link_minutes', utcDay(now, day));
  }
  const { dropped } = await keep();

  expect(dropped.toSorted()).toEqual([
    ...names('clicks', [-91]),
    ...names('daily_visitors', [-91, -90, -4]),
    ...names('link_minutes', [-91]),
  ]);
  expect(await partitionsIn(owner)).toEqual([
    ...names('clicks', [-90, -4, -3, ...ahead]),
    ...names('daily_visitors', [-3, ...ahead]),
    ...names('link_minutes', [-90, -4, -3, ...ahead]),
  ]);
  expect(await keep()).toEqual({ dropped: [] });
});

test('clicks are written, and a transaction may stay open, while a partition is dropped', async () => {
  const { database, owner, store, keep } = await openStore();
  await store.ensureDay('clicks', utcDay(now, -91));
  await store.ensureDay('clicks', utcDay(now));
  const insert = `INSERT INTO clicks (clicked_at, link_id, request_id, is_bot) VALUES ('${utcDay(now)}T12:00:00Z', 1, 'r', false)`;
  const open = await connect(database.urlFor('redirectJobs'));
  await open.query('BEGIN');
  await open.query(insert);

  const keeping = keep();
  const expired = names('clicks', [-91]);
  await until(async () => (await detachPending(owner)).length === 1, {
    message: 'detaching does not wait for the open transaction',
  });
  const writer = await connect(database.urlFor('redirectJobs'));
  for (let i = 0; i < 20; i++) await writer.query(insert);
  await open.query(insert);
  expect(await partitionsIn(owner)).toContain(expired[0]);
  await open.query('COMMIT');

  expect((await keeping).dropped).toEqual(expired);
  const { rows } = await owner.query('SELECT count(*)::int AS clicks FROM clicks');
  expect(rows[0].clicks).toBe(22);
});

test('while a partition with clicks waits for a long reader to be dropped, clicks and statistics go on within a second', async () => {
  const { database, owner, store, keep } = await openStore();
  const at = (day: number) =>
    `INSERT INTO clicks (clicked_at, link_id, request_id, is_bot) VALUES ('${utcDay(now, day)}T12:00:00Z', 1, 'r', false)`;
  for (const day of [-91, 0]) {
    await store.ensureDay('clicks', utcDay(now, day));
    await owner.query(at(day));
  }
  const reader = await connect(database.urlFor('create'));
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  const all = 'SELECT count(*)::int AS clicks FROM clicks WHERE link_id = 1';
  expect((await reader.query(all)).rows).toEqual([{ clicks: 2 }]);

  const keeping = keep();
  await until(async () => (await detachPending(owner)).length === 1, {
    message: 'detaching does not wait for the reader',
  });
  const [writer, statistics] = await Promise.all([
    connect(database.urlFor('redirectJobs')),
    connect(database.urlFor('create')),
  ]);
  for (const client of [writer, statistics]) await client.query('SET statement_timeout = 1000');
  await writer.query(at(0));
  await writer.query(`SELECT ensure_day_partition('clicks', '${utcDay(now, 9)}')`);
  await writer.query(at(9));
  expect((await statistics.query(all)).rows).toEqual([{ clicks: 3 }]);
  await reader.query('COMMIT');

  expect((await keeping).dropped).toEqual(names('clicks', [-91]));
  expect((await statistics.query(all)).rows).toEqual([{ clicks: 3 }]);
});

test('a partition that an interrupted run left half detached is dropped by the next', async () => {
  const { database, owner, store, keep } = await openStore(300);
  await store.ensureDay('clicks', utcDay(now, -92));
  await store.ensureDay('clicks', utcDay(now, -91));
  const open = await connect(database.urlFor('redirectJobs'));
  await open.query('BEGIN');
  await open.query('SELECT FROM link_totals');
  await open.query(
    `INSERT INTO clicks (clicked_at, link_id, request_id, is_bot) VALUES ('${utcDay(now, -91)}T12:00:00Z', 1, 'r', false)`,
  );

  await expect(keep()).rejects.toMatchObject({ kind: 'unavailable' });
  expect(await detachPending(owner)).toEqual(names('clicks', [-92]));
  await open.query('COMMIT');
  expect((await keep()).dropped).toEqual(names('clicks', [-92, -91]));
});

test('a partition that was detached and not dropped is dropped by the next run', async () => {
  const { owner, store, keep } = await openStore();
  await store.ensureDay('clicks', utcDay(now, -91));
  const [name] = names('clicks', [-91]);
  await owner.query(`ALTER TABLE clicks DETACH PARTITION partitions.${name}`);
  expect((await keep()).dropped).toEqual([name]);
  expect(await partitionsIn(owner)).not.toContain(name);
});

test('two workers at once drop each partition once', async () => {
  const { owner, store, keep } = await openStore();
  for (const day of [-95, -94, -93]) await store.ensureDay('clicks', utcDay(now, day));
  const runs = await Promise.all([keep(), keep()]);
  expect(runs.flatMap(({ dropped }) => dropped).toSorted()).toEqual(
    names('clicks', [-95, -94, -93]),
  );
  expect(await partitionsIn(owner)).toHaveLength(24);
});

test('a jobs process makes the coming partitions when it starts', { timeout: 30_000 }, async () => {
  const { database, owner } = await openDatabase();
  await startWorkerJobs(database);
  const made = () => partitionsIn(owner).then((found) => found.length === 24 && found);
  expect(await until(made, { deadlineMs: 10_000 })).toContain(
    `clicks_${utcDay(new Date(), 7).replaceAll('-', '')}`,
  );
});

async function detachPending(owner: Pool): Promise<string[]> {
  const { rows } = await owner.query(
    'SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhdetachpending',
  );
  return rows.map(({ relname }) => relname);
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
