import { createTestDatabase, openTestPool, type TestDatabase } from '@shortstack/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';

async function rows(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const tables = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;

test('a test database has all tables, and each role can sign in with its own grants', async () => {
  const database = await createTestDatabase();
  expect(await rows(database.ownerUrl, tables)).toContainEqual({ tablename: 'links' });
  for (const role of ['create', 'redirect', 'redirectJobs', 'worker'] as const) {
    expect(await rows(database.urlFor(role), 'SELECT session_user AS name')).toEqual([
      { name: expect.stringMatching(/^shortstack_/) },
    ]);
  }
  await expect(rows(database.urlFor('redirect'), 'SELECT * FROM accounts')).rejects.toMatchObject({
    code: '42501',
  });
});

test('an unmigrated database is empty', async () => {
  const database = await createTestDatabase({ migrated: false });
  expect(await rows(database.ownerUrl, tables)).toEqual([]);
});

test('many databases are made at once and share nothing', async () => {
  const databases = await Promise.all(Array.from({ length: 8 }, () => createTestDatabase()));
  const [first, ...others] = databases as [TestDatabase, ...TestDatabase[]];
  await rows(first.ownerUrl, 'CREATE TABLE mine ()');
  for (const other of others) {
    expect(await rows(other.ownerUrl, tables)).not.toContainEqual({ tablename: 'mine' });
  }
});

test('closing drops a database although someone is connected to it', async () => {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.ownerUrl });
  client.on('error', () => {});
  await client.connect();
  await database.close();
  await expect(rows(database.ownerUrl, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});

test('a pool takes it calmly that its database is dropped', async () => {
  const database = await createTestDatabase();
  const pool = await openTestPool(database.ownerUrl);
  await pool.query('SELECT 1');
  const cutOff = new Promise((resolve) => pool.once('remove', resolve));
  await database.close();
  await cutOff;
  await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});
