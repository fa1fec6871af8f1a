import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { signUp } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const person = await signUp(create);
const url = 'https://example.com/';

const counts = async () =>
  (
    await create.sql.query(
      'SELECT (SELECT count(*)::int FROM links) AS links, (SELECT count(*)::int FROM outbox) AS events',
    )
  ).rows[0];

test('a bad row spoils no other, and each is answered in its place', async () => {
  await person.post('/api/links', { url, slug: 'bulk-taken' });
  const before = await counts();
  const answer = await person.post('/api/links/bulk', {
    links: [
      { url, slug: 'bulk-1', title: 'One', tags: ['x'], maxClicks: 3, password: 'p' },
      { url: 'javascript:alert(1)' },
      { url, slug: 'bulk-taken' },
      'not an object',
      { url, slug: 'bulk-1' },
      { url, slug: 'admin' },
      { url, expiresAt: '2020-01-01T00:00:00Z' },
      { url, unknown: 1 },
      { url: 'https://example.com/last' },
    ],
  });
  expect(answer.statusCode).toBe(200);
  const { results } = answer.json();
  expect(results.map((r: { error?: { code: string } }) => r.error?.code ?? 'ok')).toEqual([
    ...['ok', 'URL_NOT_ALLOWED', 'SLUG_TAKEN', 'VALIDATION_FAILED', 'SLUG_TAKEN', 'SLUG_RESERVED'],
    ...['VALIDATION_FAILED', 'VALIDATION_FAILED', 'ok'],
  ]);
  expect(results[6].error.errors).toEqual([{ path: '/expiresAt', message: expect.any(String) }]);
  expect(results[7].error.errors).toEqual([{ path: '/unknown', message: 'is not allowed' }]);
  expect(results[0].link).toMatchObject({
    slug: 'bulk-1',
    title: 'One',
    tags: ['x'],
    hasPassword: true,
  });
  expect((await person.get('/api/links/bulk-1')).json()).toEqual(results[0].link);
  expect(await counts()).toEqual({ links: before.links + 2, events: before.events + 1 });
});

test('a thousand links are one transaction with one event that names them all', async () => {
  const before = await counts();
  const links = Array.from({ length: 1_000 }, (_, i) => ({ url: `https://example.com/${i}` }));
  const { results } = (await person.post('/api/links/bulk', { links })).json();
  expect(results.map((r: { link: { url: string } }) => r.link.url)).toEqual(
    links.map((l) => l.url),
  );
  expect(await counts()).toEqual({ links: before.links + 1_000, events: before.events + 1 });
  const { rows } = await create.sql.query('SELECT payload FROM outbox ORDER BY id DESC LIMIT 1');
  expect(rows[0].payload.links).toHaveLength(1_000);
});

test('whatever a link may hold is stored as it was sent', async () => {
  const strange = '\\N\t"\\.\\"\r\n{,}\\x\u{1F4CE} null';
  const targets = [{ url: 'https://example.com/#a\\b', weight: 1 }];
  const rules = [{ when: { countries: ['DE'] }, targets }];
  const links = [
    { url: 'https://example.com/?a\\b=%5C#\\n', title: strange },
    { url, title: '\\N', tags: ['a,b', strange.trim(), 'NULL', '{}'], status: 301, rules },
    { url, visibility: 'private', expiresAt: '2999-01-01T00:00:00.000Z', forwardQuery: true },
    { url, maxClicks: 12 },
  ];
  for (const together of [links, ...links.map((link) => [link])]) {
    const { results } = (await person.post('/api/links/bulk', { links: together })).json();
    for (const [i, { link }] of results.entries()) {
      expect(link).toMatchObject(together[i] ?? {});
      expect((await person.get(`/api/links/${link.slug}`)).json()).toEqual(link);
    }
  }
});

test('where every row is bad nothing is stored, no event either', async () => {
  const before = await counts();
  const answer = await person.post('/api/links/bulk', {
    links: [{ url: 'ftp://example.com/' }, 5],
  });
  expect(answer.statusCode).toBe(200);
  expect(await counts()).toEqual(before);
});

test('two bulk requests for the same slugs in opposite orders share them out', async () => {
  const slugs = ['shared-a', 'shared-b', 'shared-c'];
  const { rows } = await create.sql.query('SELECT id FROM accounts LIMIT 1');
  await create.sql.query('BEGIN');
  await create.sql.query(`INSERT INTO links (account_id, slug, url) VALUES ($1, 'shared-b', $2)`, [
    ...[rows[0].id, url],
  ]);
  const requests = [slugs, slugs.toReversed()].map((order) =>
    person.post('/api/links/bulk', { links: order.map((slug) => ({ url, slug })) }),
  );
  // Both wait, one of them for the slug in the middle: in opposite orders they would now wait for each other.
  await until(async () => {
    await create.sql.query('SELECT pg_stat_clear_snapshot()');
    const waiting = await create.sql.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.rows.length >= 2;
  });
  await create.sql.query('ROLLBACK');
  const answers = await Promise.all(requests);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  const made = answers.flatMap((answer) =>
    answer.json().results.flatMap((r: { link?: { slug: string } }) => r.link?.slug ?? []),
  );
  expect(made).toHaveLength(slugs.length);
  expect(new Set(made)).toEqual(new Set(slugs));
});

test('a bulk request is repeatable with an Idempotency-Key', async () => {
  const repeat = { 'idempotency-key': 'bulk' };
  const body = { links: [{ url }, { url: 'nonsense' }] };
  const first = await person.post('/api/links/bulk', body, repeat);
  const before = await counts();
  const second = await person.post('/api/links/bulk', body, repeat);
  expect(second.json()).toEqual(first.json());
  expect(await counts()).toEqual(before);
});

test('more passwords than can be hashed in one request are refused row by row', async () => {
  const links = Array.from({ length: 22 }, () => ({ url, password: 'secret' }));
  const { results } = (await person.post('/api/links/bulk', { links })).json();
  const refused = results.filter((r: { error?: object }) => r.error);
  expect(refused).toHaveLength(2);
  expect(refused[0].error.errors[0].path).toBe('/password');
});
