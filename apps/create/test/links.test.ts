import { expect, test } from 'vitest';
import { client, signUp, withApiKey } from './client.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const url = 'https://example.com/';

interface Item {
  slug: string;
}
const slugs = (items: Item[]) => items.map(({ slug }) => slug);

async function allPages(reader: { get: ReturnType<typeof client>['get'] }, path: string) {
  const found: string[] = [];
  let cursor = '';
  for (;;) {
    const page = (await reader.get(`${path}&limit=2${cursor}`)).json();
    found.push(...slugs(page.items));
    if (page.nextCursor === null) return found;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

test('links are listed page by page in each order, each once', async () => {
  const person = await signUp(create);
  for (const slug of ['list-a', 'list-b', 'list-c', 'list-d', 'list-e']) {
    await person.post('/api/links', { url, slug });
  }
  await create.sql.query(
    `INSERT INTO link_totals (link_id, clicks, bots, last_clicked_at)
     SELECT id, CASE slug WHEN 'list-c' THEN 9 ELSE 4 END, 0, now() FROM links WHERE slug IN ('list-b', 'list-c', 'list-d')`,
  );
  const oldest = ['list-a', 'list-b', 'list-c', 'list-d', 'list-e'];
  expect(await allPages(person, '/api/links?sort=oldest')).toEqual(oldest);
  expect(await allPages(person, '/api/links?sort=newest')).toEqual(oldest.toReversed());
  expect(await allPages(person, '/api/links?sort=clicks')).toEqual([
    ...['list-c', 'list-d', 'list-b', 'list-e', 'list-a'],
  ]);
  expect((await person.get('/api/links/list-c')).json().clicks).toBe(9);
});

test('a list is searched by text in slug, title and URL, and by tag', async () => {
  const person = await signUp(create);
  await person.post('/api/links', { url, slug: 'find-Slug', tags: ['red'] });
  await person.post('/api/links', {
    url,
    slug: 'f2',
    title: 'The SLUGfest',
    tags: ['red', 'blue'],
  });
  await person.post('/api/links', { url: 'https://example.com/100%_slug', slug: 'f3' });
  const find = async (query: string) =>
    slugs((await person.get(`/api/links?sort=oldest&${query}`)).json().items);
  expect(await find('q=slug')).toEqual(['find-Slug', 'f2', 'f3']);
  expect(await find('q=100%25_')).toEqual(['f3']);
  expect(await find('q=%25')).toEqual(['f3']);
  expect(await find('q=%5C')).toEqual([]);
  expect(await find('tag=blue')).toEqual(['f2']);
  expect(await find('tag=red&q=fest')).toEqual(['f2']);
});

test('a change touches only what it names, raises the version and is told', async () => {
  const person = await signUp(create);
  const body = { url, slug: 'change', title: 'Old', tags: ['x'], password: 'secret', maxClicks: 3 };
  const before = (await person.post('/api/links', body)).json();
  const changed = await person.patch('/api/links/change', {
    ...{ url: 'https://example.org/new', title: null, password: null, maxClicks: null },
  });
  expect(changed.statusCode).toBe(200);
  expect(changed.json()).toEqual({
    ...before,
    ...{ url: 'https://example.org/new', title: null, hasPassword: false, maxClicks: null },
    updatedAt: expect.any(String),
  });
  expect((await person.get('/api/links/change')).json()).toEqual(changed.json());
  const { rows } = await create.sql.query(
    `SELECT type, payload->'links' AS links FROM outbox WHERE payload->'links'->0->>'slug' = 'change' ORDER BY id`,
  );
  expect(rows).toMatchObject([
    { type: 'link.created', links: [{ version: 1 }] },
    { type: 'link.updated', links: [{ version: 2 }] },
  ]);
});

test('twenty changes at once raise the version by twenty', async () => {
  const person = await signUp(create);
  await person.post('/api/links', { url, slug: 'versions' });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => person.patch('/api/links/versions', { title: `${i}` })),
  );
  expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
  const { rows } = await create.sql.query(`SELECT version::int FROM links WHERE slug = 'versions'`);
  expect(rows).toEqual([{ version: 21 }]);
});

test('a deleted link is gone for its owner, and its slug stays taken', async () => {
  const person = await signUp(create);
  await person.post('/api/links', { url, slug: 'deleted' });
  expect((await person.delete('/api/links/deleted')).statusCode).toBe(204);
  for (const answer of [
    await person.get('/api/links/deleted'),
    await person.patch('/api/links/deleted', { title: 'x' }),
    await person.delete('/api/links/deleted'),
    await person.get('/api/links/deleted/stats'),
  ]) {
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe('LINK_NOT_FOUND');
  }
  expect((await person.get('/api/links')).json().items).toEqual([]);
  expect((await person.post('/api/links', { url, slug: 'deleted' })).json().code).toBe(
    'SLUG_TAKEN',
  );
  const { rows } = await create.sql.query(
    `SELECT type FROM outbox WHERE payload->'links'->0->>'slug' = 'deleted' ORDER BY id`,
  );
  expect(rows.map(({ type }) => type)).toEqual(['link.created', 'link.deleted']);
});

test("another user's link is not found, by session and by key", async () => {
  const [owner, other] = [await signUp(create), await signUp(create)];
  await owner.post('/api/links', { url, slug: 'private-matter' });
  for (const stranger of [other, await withApiKey(create, other)]) {
    const answers = [
      await stranger.get('/api/links/private-matter'),
      await stranger.get('/api/links/private-matter/stats'),
      await stranger.patch('/api/links/private-matter', { title: 'mine' }),
      await stranger.delete('/api/links/private-matter'),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404]);
  }
  expect((await owner.get('/api/links/private-matter')).statusCode).toBe(200);
});

test('without a session or key nothing is readable or writable', async () => {
  const nobody = client(create);
  for (const answer of [
    await nobody.get('/api/links'),
    await nobody.post('/api/links', { url }),
    await nobody.post('/api/links', { nonsense: true }),
    await nobody.delete('/api/links/x'),
    await nobody.get('/api/leaderboard'),
    await nobody.get('/api/keys'),
  ]) {
    expect(answer.statusCode).toBe(401);
    expect(answer.json().code).toBe('UNAUTHENTICATED');
  }
});
