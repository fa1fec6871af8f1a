import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { signUp, withApiKey } from './client.ts';
import { type MalformedRequest, malformedRequests } from './malformed-requests.ts';
import { startCreate } from './start-create.ts';

const create = await startCreate();
const person = await signUp(create);
const key = await withApiKey(create, person);
await person.post('/api/links', { url: 'https://example.com/', slug: 'victim' });

/** All that a request could have left behind. */
const stored = async () =>
  (
    await create.sql.query(`SELECT (SELECT jsonb_agg(l ORDER BY id) FROM links l) AS links,
      (SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM accounts) AS accounts,
      (SELECT count(*) FROM api_keys) AS keys, (SELECT count(*) FROM idempotency_keys) AS answers`)
  ).rows[0];

const url = 'https://example.com/';
const nameOf = (c: MalformedRequest) =>
  `${c.method} ${c.path} ${JSON.stringify(c.body) ?? ''}`.replace(/(.{110}).*/s, '$1…');

test.for(malformedRequests.map((each) => [nameOf(each), each] as const))(
  '%s is refused',
  async ([, c]) => {
    const before = await stored();
    const answer = await create.app.inject({
      method: c.method,
      url: c.path,
      headers: {
        ...person.headers,
        ...(c.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(c.body === undefined ? {} : { payload: JSON.stringify(c.body) }),
    });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = answer.json();
    expect(problem).toMatchObject({
      status: c.status,
      code: c.code,
      requestId: expect.any(String),
    });
    expect(answer.statusCode).toBe(c.status);
    const faulty = (problem.errors ?? []).map(({ path }: { path: string }) => path);
    expect(faulty).toEqual(expect.arrayContaining(c.at === undefined ? [] : [c.at]));
    expect(await stored()).toEqual(before);
  },
);

const bodies: [string, string | Buffer, string, number, string][] = [
  ['no JSON', '{"url":', 'application/json', 400, 'JSON_INVALID'],
  ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'application/json', 400, 'JSON_INVALID'],
  [
    'a form',
    'url=https://example.com/',
    'application/x-www-form-urlencoded',
    415,
    'MEDIA_TYPE_UNSUPPORTED',
  ],
  ['XML', '<url/>', 'text/xml', 415, 'MEDIA_TYPE_UNSUPPORTED'],
  [
    'a __proto__',
    '{"url":"https://example.com/","__proto__":{}}',
    'application/json',
    400,
    'TEXT_INVALID',
  ],
  [
    'deep nesting',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    'application/json',
    400,
    'TEXT_INVALID',
  ],
];

test.for(bodies)('a body that is %s is refused', async ([, payload, type, status, code]) => {
  const before = await stored();
  for (const path of ['/api/links', '/api/links/bulk', '/api/keys', '/api/auth/register']) {
    const answer = await create.app.inject({
      method: 'POST',
      url: path,
      headers: { ...person.headers, 'content-type': type },
      payload,
    });
    expect([path, answer.statusCode, answer.json().code]).toEqual([path, status, code]);
  }
  expect(await stored()).toEqual(before);
});

test('what is not HTTP, and headers that try to be two, get a 4xx and nothing stored', async () => {
  const before = await stored();
  const { port } = new URL(create.url);
  const body = JSON.stringify({ url });
  const requests = [
    'nonsense\r\n\r\n',
    `POST /api/links HTTP/1.1\r\nHost: a\r\nAuthorization: ${key.headers.authorization}\r\nContent-Type: application/json\r\nIdempotency-Key: a\u0001b\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    `POST /api/links HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ];
  for (const request of requests) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(request);
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(answer).toContain('application/problem+json');
  }
  expect(await stored()).toEqual(before);
});

test('no header of an answer holds what a client wrote into a URL', async () => {
  const evil = 'https://example.com/\r\nSet-Cookie: stolen=1';
  const answer = await person.post('/api/links', { url: evil });
  expect(answer.statusCode).toBe(201);
  expect(answer.json().url).toBe('https://example.com/Set-Cookie:%20stolen=1');
  expect(answer.headers['set-cookie']).toBeUndefined();
});
