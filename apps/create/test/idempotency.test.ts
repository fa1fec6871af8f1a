import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { signUp } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const person = await signUp(create);
const url = 'https://example.com/a?b=c#d';

const countLinks = async () =>
  Number((await create.sql.query('SELECT count(*) FROM links')).rows[0].count);

test('a repeated Idempotency-Key gets the first answer and creates nothing', async () => {
  const repeat = { 'idempotency-key': 'once' };
  const first = await person.post('/api/links', { url }, repeat);
  const before = await countLinks();
  const second = await person.post('/api/links', { url }, repeat);
  expect(second.statusCode).toBe(201);
  expect(second.json()).toEqual(first.json());
  expect(second.headers.location).toBe(first.headers.location);
  expect(await countLinks()).toBe(before);

  const other = await signUp(create);
  const others = await other.post('/api/links', { url }, repeat);
  expect(others.json().slug).not.toBe(first.json().slug);
});

test('an Idempotency-Key with another body, and one that is malformed, are refused', async () => {
  const repeat = { 'idempotency-key': 'twice' };
  await person.post('/api/links', { url }, repeat);
  const before = await countLinks();
  const other = await person.post('/api/links', { url: 'https://example.com/other' }, repeat);
  expect(other.statusCode).toBe(422);
  expect(other.json().code).toBe('IDEMPOTENCY_KEY_REUSED');
  for (const key of ['', 'x'.repeat(256), 'ä']) {
    const answer = await person.post('/api/links', { url }, { 'idempotency-key': key });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('IDEMPOTENCY_KEY_INVALID');
  }
  expect(await countLinks()).toBe(before);
});

test('while the first request with an Idempotency-Key is under way the others get 409', async () => {
  const repeat = { 'idempotency-key': 'at once' };
  const before = await countLinks();
  await create.sql.query('BEGIN; LOCK TABLE links IN SHARE MODE');
  const first = person.post('/api/links', { url }, repeat);
  await until(async () => {
    const { rows } = await create.sql.query(
      `SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.length === 1;
  });
  for (let i = 0; i < 3; i++) {
    const answer = await person.post('/api/links', { url }, repeat);
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('IDEMPOTENCY_IN_PROGRESS');
  }
  await create.sql.query('COMMIT');
  expect((await first).statusCode).toBe(201);
  expect((await person.post('/api/links', { url }, repeat)).json()).toEqual((await first).json());
  expect(await countLinks()).toBe(before + 1);
});

test('a refused request leaves its Idempotency-Key free', async () => {
  const repeat = { 'idempotency-key': 'retry' };
  await person.post('/api/links', { url, slug: 'retry-taken' });
  const refused = await person.post('/api/links', { url, slug: 'retry-taken' }, repeat);
  expect(refused.statusCode).toBe(409);
  const free = await person.post('/api/links', { url, slug: 'retry-free' }, repeat);
  expect(free.statusCode).toBe(201);
});

test('an Idempotency-Key is free again after 24 h', async () => {
  const repeat = { 'idempotency-key': 'old' };
  const first = (await person.post('/api/links', { url }, repeat)).json();
  await create.sql.query(
    `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE key = 'old'`,
  );
  const second = (await person.post('/api/links', { url }, repeat)).json();
  expect(second.slug).not.toBe(first.slug);
});

test('no password can be read or guessed from what an Idempotency-Key keeps', async () => {
  const repeat = { 'idempotency-key': 'secret' };
  await person.post('/api/links', { url, password: 'hunter2' }, repeat);
  const { rows } = await create.sql.query(`SELECT * FROM idempotency_keys WHERE key = 'secret'`);
  expect(JSON.stringify(rows)).not.toContain('hunter2');
});
