import { createTestDatabase } from '@shortstack/testing';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { makeAdmin } from '../src/index.ts';

test('an account becomes an administrator, however its address is written, and no other does', async () => {
  const { ownerUrl } = await createTestDatabase();
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query(
    `INSERT INTO accounts (email, password_hash, session_tag) VALUES ('a@example.com', '', 'a'), ('b@example.com', '', 'b')`,
  );
  await makeAdmin({ ownerUrl, email: 'A@example.com' });
  await makeAdmin({ ownerUrl, email: 'a@example.com' });
  const { rows } = await client.query('SELECT email, role FROM accounts ORDER BY email');
  await client.end();
  expect(rows).toEqual([
    { email: 'a@example.com', role: 'admin' },
    { email: 'b@example.com', role: 'user' },
  ]);
});

test('an account that does not exist is an error that says so', async () => {
  const { ownerUrl } = await createTestDatabase();
  await expect(makeAdmin({ ownerUrl, email: 'nobody@example.com' })).rejects.toMatchObject({
    code: 'ACCOUNT_NOT_FOUND',
    message: 'There is no account of nobody@example.com: register first.',
  });
});
