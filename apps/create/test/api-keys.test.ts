import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { client, signUp, withApiKey } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const url = 'https://example.com/';

test('a key is shown once and stored as a hash', async () => {
  const person = await signUp(create);
  const created = await person.post('/api/keys', { name: ' CI ', scopes: ['links:write'] });
  expect(created.statusCode).toBe(201);
  const { key, ...shown } = created.json();
  expect(key).toMatch(/^ssk_[A-Za-z0-9_-]{43}$/);
  expect(shown).toEqual({
    id: expect.any(String),
    name: 'CI',
    scopes: ['links:write'],
    prefix: key.slice(0, 12),
    expiresAt: null,
    createdAt: expect.any(String),
  });
  expect((await person.get('/api/keys')).json()).toEqual({ items: [shown], nextCursor: null });
  const { rows } = await create.sql.query('SELECT * FROM api_keys');
  expect(JSON.stringify(rows)).not.toContain(key.slice(12));
});

test('a key may do what its scopes say and no more', async () => {
  const person = await signUp(create);
  const reader = await withApiKey(create, person, ['links:read']);
  expect((await reader.get('/api/links')).statusCode).toBe(200);
  const write = await reader.post('/api/links', { url });
  expect(write.statusCode).toBe(403);
  expect(write.json().code).toBe('SCOPE_MISSING');
  expect((await reader.get('/api/leaderboard')).statusCode).toBe(403);
  const writer = await withApiKey(create, person, ['links:write']);
  expect((await writer.post('/api/links', { url })).statusCode).toBe(201);
  expect((await writer.get('/api/links')).statusCode).toBe(403);
});

test('a key can manage neither keys nor sessions', async () => {
  const key = await withApiKey(create, await signUp(create));
  const made = await key.post('/api/keys', { name: 'more', scopes: ['webhooks:write'] });
  expect(made.statusCode).toBe(403);
  expect(made.json().code).toBe('SESSION_REQUIRED');
  expect((await key.get('/api/auth/sessions')).statusCode).toBe(401);
});

test('a deleted, expired, unknown or malformed key is refused', async () => {
  const person = await signUp(create);
  const key = await withApiKey(create, person);
  expect((await key.get('/api/links')).statusCode).toBe(200);
  expect((await person.delete(`/api/keys/${key.id}`)).statusCode).toBe(204);
  expect((await key.get('/api/links')).json().code).toBe('API_KEY_INVALID');
  expect((await person.delete(`/api/keys/${key.id}`)).json().code).toBe('API_KEY_NOT_FOUND');

  const expired = await withApiKey(create, person);
  await create.sql.query(`UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE id = $1`, [
    expired.id,
  ]);
  expect((await expired.get('/api/links')).statusCode).toBe(401);
  for (const authorization of [
    `Bearer ssk_${'x'.repeat(43)}`,
    'Bearer',
    'Basic abc',
    'Bearer x y',
  ]) {
    expect((await client(create, { authorization }).get('/api/links')).statusCode).toBe(401);
  }
});

test("nobody sees or deletes another user's keys", async () => {
  const [owner, other] = [await signUp(create), await signUp(create)];
  const key = await withApiKey(create, owner);
  expect((await other.get('/api/keys')).json().items).toEqual([]);
  expect((await other.delete(`/api/keys/${key.id}`)).statusCode).toBe(404);
  expect((await key.get('/api/links')).statusCode).toBe(200);
});

test('keys are listed page by page, the newest first', async () => {
  const person = await signUp(create);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) ids.unshift((await withApiKey(create, person)).id);
  const found: string[] = [];
  let cursor = '';
  do {
    const page = (await person.get(`/api/keys?limit=2${cursor}`)).json();
    found.push(...page.items.map(({ id }: { id: string }) => id));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  expect(new Set(found)).toEqual(new Set(ids));
  expect(found).toHaveLength(5);
});

test('an expiry that an offset pushes past the year 9999, and a cursor that names one, are refused', async () => {
  const someone = await signUp(create);
  const expiresAt = '9999-12-31T23:59:59-01:00';
  const answers = [
    await someone.post('/api/keys', { name: 'far', scopes: ['links:read'], expiresAt }),
    await someone.post('/api/links', { url: 'https://example.com/', expiresAt }),
    await someone.get(
      `/api/keys?cursor=${Buffer.from(JSON.stringify(['newest', '99999', randomUUID()])).toString('base64url')}`,
    ),
  ];
  for (const answer of answers) {
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'VALIDATION_FAILED']);
  }
  expect((await someone.get('/api/links')).json().items).toEqual([]);
});
