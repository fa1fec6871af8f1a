import { randomUUID } from 'node:crypto';
import { createTestDatabase, openTestPool, until } from '@shortstack/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { migrate, postgresRoles, type RolePasswords } from '../src/index.ts';

const passwords = Object.fromEntries(
  Object.keys(postgresRoles).map((role) => [role, 'a password']),
) as RolePasswords;

/** Roles belong to the whole server, so the passwords have to stay what the other test files use. */
async function passwordsOf(urlFor: (role: keyof typeof passwords) => string) {
  const roles = Object.keys(passwords) as (keyof typeof passwords)[];
  return Object.fromEntries(
    roles.map((role) => [role, new URL(urlFor(role)).password]),
  ) as typeof passwords;
}

test('migrating twice, and by four at once, makes one schema', async () => {
  const database = await createTestDatabase({ migrated: false });
  const options = {
    ownerUrl: database.ownerUrl,
    passwords: await passwordsOf((role) => database.urlFor(role)),
  };
  await Promise.all(Array.from({ length: 4 }, () => migrate(options)));
  await migrate(options);

  const client = new Client({ connectionString: database.urlFor('redirect') });
  await client.connect();
  await expect(client.query('SELECT id, url FROM links')).resolves.toMatchObject({ rows: [] });
  await client.end();
});

test('a day’s partition is made once, however many ask for it at once', async () => {
  const database = await createTestDatabase();
  const pool = await openTestPool(database.urlFor('redirectJobs'), { max: 16 });
  for (let day = 1; day <= 20; day += 1) {
    const ask = () =>
      pool.query(`SELECT ensure_day_partition('clicks', '2030-01-01'::date + $1::int)`, [day]);
    await Promise.all(Array.from({ length: 16 }, ask));
  }
  const { rows } = await pool.query(
    `SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'clicks'::regclass`,
  );
  expect(rows).toEqual([{ n: 20 }]);
});

test('no link is without its account, whoever comes first', async () => {
  const database = await createTestDatabase();
  const pool = await openTestPool(database.ownerUrl, { max: 3 });
  const gone = { code: '23503' };
  const account = async () => {
    const { rows } = await pool.query(
      `INSERT INTO accounts (email, password_hash, session_tag) VALUES (gen_random_uuid(), '', '') RETURNING id`,
    );
    return rows[0].id;
  };
  const insertion = `INSERT INTO links (account_id, slug, url) VALUES ($1, gen_random_uuid(), 'https://example.com/')`;
  const deletion = 'DELETE FROM accounts WHERE id = $1';
  const [one, other, third] = [await account(), await account(), await account()];
  const two = `INSERT INTO links (account_id, slug, url) SELECT unnest($1::uuid[]), gen_random_uuid(), ''`;
  await expect(pool.query(two, [[one, randomUUID()]])).rejects.toMatchObject(gone);
  await pool.query(two, [[one, third]]);
  await expect(pool.query(deletion, [one])).rejects.toMatchObject(gone);

  const transaction = await pool.connect();
  for (const [first, second] of [
    [insertion, deletion],
    [deletion, insertion],
  ] as const) {
    await transaction.query('BEGIN');
    await transaction.query(first, [other]);
    const waiting = pool.query(second, [other]).then(
      () => 'done',
      (error: unknown) => error,
    );
    await until(async () => {
      const { rows } = await pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length === 1;
    });
    await transaction.query('COMMIT');
    expect(await waiting).toMatchObject(gone);
    await pool.query('DELETE FROM links WHERE account_id = $1', [other]);
  }
  await transaction.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await transaction.query('SELECT FROM links');
  await expect(transaction.query(deletion, [third])).rejects.toMatchObject({ code: '0A000' });
  await transaction.query('ROLLBACK');
  transaction.release();
  for (const change of [
    'UPDATE links SET account_id = gen_random_uuid()',
    'UPDATE accounts SET id = gen_random_uuid()',
  ]) {
    await expect(pool.query(change), change).rejects.toMatchObject({ code: '0A000' });
  }
});

test('a service can do no more than it is granted', async () => {
  const database = await createTestDatabase();
  const refused = async (role: keyof typeof passwords, statements: string[]) => {
    const client = new Client({ connectionString: database.urlFor(role) });
    await client.connect();
    for (const statement of statements) {
      await expect(client.query(statement), `${role}: ${statement}`).rejects.toMatchObject({
        code: '42501',
      });
    }
    await client.end();
  };
  await refused('redirect', [
    `UPDATE links SET url = 'https://evil.example'`,
    'DELETE FROM links',
    'SELECT * FROM accounts',
    'SELECT * FROM api_keys',
    `INSERT INTO outbox (type, payload) VALUES ('link.updated', '{}')`,
    'SELECT key FROM code_key',
    `INSERT INTO runtime_settings (settings, updated_by) VALUES ('{}', 'me')`,
  ]);
  await refused('redirectJobs', [
    'SELECT * FROM accounts',
    'UPDATE links SET spent_clicks = 0',
    'DELETE FROM clicks',
    'DELETE FROM link_totals',
    `SELECT ensure_day_partition('links', '2030-01-01') FROM accounts`,
  ]);
  await refused('worker', [
    'SELECT * FROM accounts',
    `UPDATE links SET url = 'https://evil.example'`,
    'SELECT body FROM idempotency_keys',
    'CREATE TABLE public.mine (id int)',
  ]);
  await refused('create', [
    'DELETE FROM clicks',
    'UPDATE link_totals SET clicks = 0',
    'DELETE FROM counted_batches',
    'CREATE TABLE public.mine (id int)',
  ]);
});
