import { expect, test } from 'vitest';
import { insertLink } from './links.ts';
import { send, sendBytes } from './send.ts';
import { appOrigin, startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp();
const { sql } = stack;
const browser = { accept: 'text/html,application/xhtml+xml' };

const recorded = () => redirect.metric('shortstack_redirect_clicks_total');

test.each([
  [301, 'private, max-age=60'],
  [302, 'no-store'],
  [307, 'no-store'],
  [308, 'private, max-age=60'],
])(
  'a link answers with its status %i and says whether a browser may keep it',
  async (status, cacheControl) => {
    const { slug } = await insertLink(sql, { status, url: 'https://a.example/b?c=d#e' });
    for (const _ of ['loaded', 'from memory']) {
      const answer = await redirect.get(`/${slug}`);
      expect(answer.status).toBe(status);
      expect(answer.headers.location).toBe('https://a.example/b?c=d#e');
      expect(answer.headers['cache-control']).toBe(cacheControl);
      expect(answer.headers['x-served-by']).toMatch(/^redirect-http-/);
      expect(answer.body).toBe('');
    }
  },
);

test('HEAD answers with the same headers and is not counted', async () => {
  const { slug } = await insertLink(sql, { status: 301 });
  const got = await redirect.get(`/${slug}`);
  const before = await recorded();
  const head = await redirect.send(`/${slug}`, { method: 'HEAD' });
  expect(head.status).toBe(301);
  const unique = { date: '', 'x-request-id': '' };
  expect({ ...head.headers, ...unique }).toEqual({ ...got.headers, ...unique });
  expect(await recorded()).toBe(before);
});

test('slugs are case-sensitive', async () => {
  await insertLink(sql, { slug: 'CaseMatters' });
  expect((await redirect.get('/CaseMatters')).status).toBe(302);
  expect((await redirect.get('/casematters')).status).toBe(404);
});

test('a percent-encoded slug is the slug it stands for', async () => {
  await insertLink(sql, { slug: 'abc-enc' });
  expect((await redirect.get('/%61bc%2Denc')).status).toBe(302);
});

test.each([
  '/unknown',
  '/a.b',
  '/not%20a%20slug',
  `/${'x'.repeat(65)}`,
  `/${'x'.repeat(5_000)}`,
  '/a/b',
  '/%00',
  '/a%0d%0ab',
  '/%C3%A4',
  '/+',
])('%s is not found', async (path) => {
  const answer = await redirect.get(path);
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toMatchObject({ status: 404, code: expect.stringMatching(/NOT_FOUND$/) });
});

test('a browser gets a page instead of a problem document, without script', async () => {
  const answer = await redirect.get('/unknown', browser);
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['content-security-policy']).toContain(`default-src 'none'`);
  expect(answer.body).toContain('<h1>There is no such link</h1>');
});

test.each(['/%', '/%zz', '/%C3', '/ab%E0%80'])(
  'malformed percent-encoding in %s is a bad request',
  async (path) => {
    const answer = await redirect.get(path);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'URL_INVALID' });
  },
);

test.each([
  ['a line feed in the path', 'GET /a\nb HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a carriage return in a header', 'GET /a HTTP/1.1\r\nHost: x\r\nReferer: a\rb\r\n\r\n'],
  ['NUL in the path', 'GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['NUL in a header', 'GET /a HTTP/1.1\r\nHost: x\r\nUser-Agent: a\0b\r\n\r\n'],
  ['no host', 'GET /a HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['an endless path', `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
])('%s is refused with a problem document and nothing is counted', async (_what, bytes) => {
  await insertLink(sql, { slug: 'a' }).catch(() => undefined);
  const before = await recorded();
  const answer = await sendBytes(redirect.url, bytes);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
  expect(await recorded()).toBe(before);
});

test('an expired link is gone, also while it lies in memory', async () => {
  const link = await insertLink(sql, { expires_at: new Date(Date.now() + 400) });
  expect((await redirect.get(`/${link.slug}`)).status).toBe(302);
  await expect.poll(async () => (await redirect.get(`/${link.slug}`)).status).toBe(410);
  expect((await redirect.get(`/${link.slug}`)).json()).toMatchObject({ code: 'LINK_GONE' });
});

test('a deleted link is gone, for browsers with a page', async () => {
  const { slug } = await insertLink(sql, { deleted_at: new Date() });
  expect((await redirect.get(`/${slug}`)).status).toBe(410);
  expect((await redirect.get(`/${slug}`, browser)).body).toContain('no longer in use');
});

test('the preview says where a link leads and is not counted', async () => {
  const { slug } = await insertLink(sql, { url: 'https://a.example/?x=%22&y', title: '<Title>' });
  const before = await recorded();
  expect((await redirect.get(`/${slug}+`)).json()).toEqual({
    slug,
    url: 'https://a.example/?x=%22&y',
    title: '<Title>',
    createdAt: expect.any(String),
  });
  const { body } = await redirect.get(`/${slug}+`, browser);
  expect(body).toContain('<h1>&lt;Title&gt;</h1>');
  expect(body).toContain('href="https://a.example/?x=%22&amp;y"');
  expect(await recorded()).toBe(before);
});

test.each([
  ['https://a.example/', '?b=c&d', 'https://a.example/?b=c&d'],
  ['https://a.example/?a=1#here', '?b=%20', 'https://a.example/?a=1&b=%20#here'],
  ['https://a.example/?a=1', '', 'https://a.example/?a=1'],
  ['https://a.example/', '?', 'https://a.example/'],
])('where it is wanted the query goes along: %s and %s', async (url, query, expected) => {
  const { slug } = await insertLink(sql, { url, forward_query: true });
  expect((await redirect.get(`/${slug}${query}`)).headers.location).toBe(expected);
});

test('otherwise the query is left out', async () => {
  const { slug } = await insertLink(sql, { url: 'https://a.example/' });
  expect((await redirect.get(`/${slug}?b=c`)).headers.location).toBe('https://a.example/');
});

test('a target that is no header value harms nobody but its own visitors', async () => {
  const bad = await insertLink(sql, { url: 'https://a.example/\n€' });
  const good = await insertLink(sql);
  for (const _ of ['loaded', 'from memory']) {
    const answers = await Promise.all(
      [good, bad, good].map(({ slug }) => redirect.get(`/${slug}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([302, 500, 302]);
  }
});

test('the root leads to the app; crawlers and browsers find what they ask for', async () => {
  const root = await redirect.get('/');
  expect([root.status, root.headers.location]).toEqual([302, appOrigin]);
  const robots = await redirect.get('/robots.txt');
  expect([robots.status, robots.body]).toEqual([200, 'User-agent: *\nAllow: /\n']);
  expect((await redirect.get('/favicon.ico')).status).toBe(204);
});

test('other methods find nothing', async () => {
  const { slug } = await insertLink(sql);
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    expect((await redirect.send(`/${slug}`, { method })).status).toBe(404);
  }
});

test('whoever asks for many unknown slugs is told to wait, and can still follow links', async () => {
  const limited = await stack.startHttp({ RATE_LIMITS: 'on' });
  const { slug } = await insertLink(sql);
  const statuses: number[] = [];
  for (let at = 0; at < 70; at += 1) statuses.push((await limited.get(`/no-${at}`)).status);
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(404));
  expect(statuses.at(-1)).toBe(429);
  const refused = await send(limited.url, '/no-0');
  const waitSeconds = Number(refused.headers['retry-after']);
  expect(waitSeconds).toBeGreaterThan(0);
  expect(refused.json()).toMatchObject({
    code: 'RATE_LIMITED',
    detail: `Too many requests. Try again in ${waitSeconds} s.`,
    requestId: refused.headers['x-request-id'],
  });
  const fromMemory = await Promise.all([1, 2].map(() => send(redirect.url, '/no-0')));
  for (const answer of fromMemory) {
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'LINK_NOT_FOUND',
      detail: 'There is no such short link. Check how it is spelled.',
      requestId: answer.headers['x-request-id'],
    });
  }
  for (let at = 0; at < 5; at += 1) expect((await limited.get(`/${slug}`)).status).toBe(302);
});
