import { cachedLinkCodec, redisKeys } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { signUp, withApiKey } from './client.ts';
import { shortOrigin, startCreate } from './start-create.ts';

const create = await startCreate();
const person = await signUp(create);
const url = 'https://example.com/a?b=c#d';

test('a link gets a code of 7 characters and the defaults', async () => {
  const answer = await person.post('/api/links', { url });
  expect(answer.statusCode).toBe(201);
  const link = answer.json();
  expect(link).toEqual({
    slug: expect.stringMatching(/^[A-Za-z0-9]{7}$/),
    shortUrl: `${shortOrigin}/${link.slug}`,
    url,
    title: null,
    description: null,
    faviconUrl: null,
    tags: [],
    status: 302,
    visibility: 'public',
    hasPassword: false,
    expiresAt: null,
    maxClicks: null,
    clicks: 0,
    rules: [],
    forwardQuery: false,
    createdAt: expect.any(String),
    updatedAt: link.createdAt,
  });
  expect(answer.headers.location).toBe(`/api/links/${link.slug}`);
  expect((await person.get(`/api/links/${link.slug}`)).json()).toEqual(link);
});

test('a link keeps all that it is given', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const rules = [
    { when: { countries: ['DE'], languages: ['de'] }, targets: [{ url: 'https://example.de/' }] },
    { targets: [{ url: 'https://a.example/', weight: 2 }, { url: 'https://b.example/' }] },
  ];
  const body = {
    ...{ url, slug: 'Every-Thing_1', title: '  A title  ', tags: [' a ', 'b', 'a'], expiresAt },
    ...{ maxClicks: 5, password: 'open sesame', visibility: 'private', status: 308 },
    ...{ rules, forwardQuery: true },
  };
  const link = (await person.post('/api/links', body)).json();
  expect(link).toMatchObject({
    ...{ slug: 'Every-Thing_1', title: 'A title', tags: ['a', 'b'], expiresAt, maxClicks: 5 },
    ...{ hasPassword: true, visibility: 'private', status: 308, rules, forwardQuery: true },
  });
  const { rows } = await create.sql.query(`SELECT * FROM links WHERE slug = 'Every-Thing_1'`);
  expect(rows[0].password_hash).toMatch(/^\$argon2id\$/);
  expect((await person.get('/api/links/Every-Thing_1')).json()).toEqual(link);
});

test('the link, its event and its cache entry say the same', async () => {
  const cache = connectRedis({ name: 'cache', url: create.redis.cache });
  afterAll(() => cache.close());
  await cache.ready();
  const { slug } = (await person.post('/api/links', { url, title: 'T' })).json();
  const { rows } = await create.sql.query('SELECT * FROM links WHERE slug = $1', [slug]);
  const id = Number(rows[0].id);
  const outbox = await create.sql.query(
    `SELECT type, payload FROM outbox WHERE payload->'links'->0->>'slug' = $1`,
    [slug],
  );
  expect(outbox.rows).toEqual([
    {
      type: 'link.created',
      payload: { accountId: rows[0].account_id, links: [{ id, slug, version: 1 }] },
    },
  ]);
  const entry = String(await cache.client.get(redisKeys.link(slug)));
  const cached = cachedLinkCodec.decode(entry.slice(entry.indexOf('[')));
  expect(cached).toMatchObject({ id, url, title: 'T', createdAt: rows[0].created_at.getTime() });
});

test('the relay is woken after a creation', async () => {
  let woken = 0;
  create.sql.on('notification', () => {
    woken += 1;
  });
  await create.sql.query('LISTEN outbox');
  await person.post('/api/links', { url });
  expect(await until(() => woken > 0)).toBe(true);
});

test('a URL is stored as the WHATWG algorithm serialises it', async () => {
  const cases = {
    'HTTPS://EXAMPLE.com:443/a b': 'https://example.com/a%20b',
    'https://bücher.example/ü?q=ä': 'https://xn--bcher-kva.example/%C3%BC?q=%C3%A4',
    ' https://example.com/\r\nX-Evil: 1 ': 'https://example.com/X-Evil:%201',
    'https://example.com/%0d%0aa': 'https://example.com/%0d%0aa',
    'http://127.1/': 'http://127.0.0.1/',
  };
  for (const [given, stored] of Object.entries(cases)) {
    const answer = await person.post('/api/links', { url: given });
    expect(answer.statusCode).toBe(201);
    expect(answer.json().url).toBe(stored);
  }
  const { rows } = await create.sql.query(`SELECT url FROM links WHERE url ~ '[\\x01-\\x20]'`);
  expect(rows).toEqual([]);
});

test('of fifty who want one slug at once, one gets it', async () => {
  const key = await withApiKey(create, person);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      key.post('/api/links', { url: `https://example.com/${i}`, slug: 'the-one' }),
    ),
  );
  const statuses = answers.map(({ statusCode }) => statusCode).sort((a, b) => a - b);
  expect(statuses).toEqual([201, ...Array(49).fill(409)]);
  const refused = answers.filter(({ statusCode }) => statusCode === 409);
  expect(new Set(refused.map((answer) => answer.json().code))).toEqual(new Set(['SLUG_TAKEN']));
  const { rows } = await create.sql.query(
    `SELECT (SELECT count(*)::int FROM links WHERE slug = 'the-one') AS links,
       (SELECT count(*)::int FROM outbox WHERE payload->'links'->0->>'slug' = 'the-one') AS events`,
  );
  expect(rows).toEqual([{ links: 1, events: 1 }]);
});

test('slugs differ by case, reserved words are refused in any', async () => {
  expect((await person.post('/api/links', { url, slug: 'CaSe' })).statusCode).toBe(201);
  expect((await person.post('/api/links', { url, slug: 'case' })).statusCode).toBe(201);
  const reserved = await person.post('/api/links', { url, slug: 'Admin' });
  expect(reserved.statusCode).toBe(422);
  expect(reserved.json().code).toBe('SLUG_RESERVED');
});

test('2,000 links from 64 clients, with no pool and no worker, have 2,000 codes', async () => {
  const fresh = await startCreate();
  const key = await withApiKey(fresh, await signUp(fresh));
  const { authorization = '' } = key.headers;
  const slugs: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (next < 2_000) {
        next += 1;
        const answer = await fetch(`${fresh.url}/api/links`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({ url }),
        });
        expect(answer.status).toBe(201);
        slugs.push(((await answer.json()) as { slug: string }).slug);
      }
    }),
  );
  expect(new Set(slugs).size).toBe(2_000);
  expect(slugs.every((slug) => /^[A-Za-z0-9]{7}$/.test(slug))).toBe(true);
});

test('codes come from the pool while it has blocks, and one that is taken is skipped', async () => {
  const fresh = await startCreate();
  const someone = await signUp(fresh);
  await someone.post('/api/links', { url, slug: 'taken00' });
  const codes = [...Array.from({ length: 500 }, (_, i) => `pool${100 + i}`), 'taken00'];
  await fresh.sql.query('INSERT INTO code_blocks (first_index, codes) VALUES (0, $1)', [codes]);
  const links = [{ url }, { url }];
  const { slug } = (await someone.post('/api/links', { url })).json();
  const { results } = (await someone.post('/api/links/bulk', { links })).json();
  expect([slug, ...results.map((r: { link: { slug: string } }) => r.link.slug)]).toEqual([
    ...['pool599', 'pool598', 'pool597'],
  ]);
  const { rows } = await fresh.sql.query('SELECT * FROM code_blocks');
  expect(rows).toEqual([]);
});
