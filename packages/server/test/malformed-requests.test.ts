import Type from 'typebox';
import { describe, expect, test } from 'vitest';
import { sendRaw } from './send-raw.ts';
import { startServer } from './start-server.ts';

const Body = Type.Object(
  {
    url: Type.String({ maxLength: 50 }),
    tags: Type.Optional(Type.Array(Type.String(), { maxItems: 2 })),
    visibility: Type.Optional(Type.Union([Type.Literal('public'), Type.Literal('private')])),
    clicks: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  },
  { additionalProperties: false },
);
const Query = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    on: Type.Optional(Type.Boolean()),
    tag: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);

function start() {
  return startServer(
    (server) => {
      server.post('/links', { schema: { body: Body } }, (request) => request.body);
      server.get('/links', { schema: { querystring: Query } }, (request) => request.query);
      server.get(
        '/links/:id',
        { schema: { params: Type.Object({ id: Type.Integer() }) } },
        (r) => r.params,
      );
    },
    { bodyLimitBytes: 2000, requestTimeoutMs: 300 },
  );
}

const json = { 'content-type': 'application/json' };
const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) =>
  ['/links', { method: 'POST', body, headers }] as const;

const tooDeep = `{"url":${'['.repeat(500)}${']'.repeat(500)}}`;
const notUtf8 = new Uint8Array([0x22, 0xc3, 0x28, 0x22]);

type Case = [name: string, path: string, init: RequestInit, status: number, code: string];
const cases: Case[] = [
  ['a body that is no JSON', ...post('{"url":'), 400, 'JSON_INVALID'],
  ['a body in invalid UTF-8', ...post(notUtf8), 400, 'JSON_INVALID'],
  ['a NUL character in a string', ...post('{"url":"a\\u0000b"}'), 400, 'TEXT_INVALID'],
  ['a NUL character in a key', ...post('{"url":"a","\\u0000":1}'), 400, 'TEXT_INVALID'],
  ['half of a surrogate pair', ...post('{"url":"\\ud800"}'), 400, 'TEXT_INVALID'],
  ['the other half of a pair', ...post('{"tags":["\\udc00\\ud800"]}'), 400, 'TEXT_INVALID'],
  ['a body nested too deeply', ...post(tooDeep), 400, 'TEXT_INVALID'],
  ['a key named __proto__', ...post('{"__proto__":{"a":1}}'), 400, 'TEXT_INVALID'],
  ['no body', '/links', { method: 'POST' }, 400, 'VALIDATION_FAILED'],
  ['an empty body', ...post(''), 400, 'VALIDATION_FAILED'],
  ['null for a body', ...post('null'), 400, 'VALIDATION_FAILED'],
  ['a list for a body', ...post('[]'), 400, 'VALIDATION_FAILED'],
  ['a number for a string', ...post('{"url":5}'), 400, 'VALIDATION_FAILED'],
  ['an unknown field', ...post('{"url":"a","x":1}'), 400, 'VALIDATION_FAILED'],
  ['a body that is too large', ...post(`{"url":"${'a'.repeat(3000)}"}`), 413, 'BODY_TOO_LARGE'],
  ['plain text', ...post('a', { 'content-type': 'text/plain' }), 415, 'MEDIA_TYPE_UNSUPPORTED'],
  ['XML', ...post('<a/>', { 'content-type': 'text/xml' }), 415, 'MEDIA_TYPE_UNSUPPORTED'],
  [
    'a broken content type',
    ...post('{}', { 'content-type': 'json' }),
    415,
    'MEDIA_TYPE_UNSUPPORTED',
  ],
  ['an unknown query parameter', '/links?page=1', {}, 400, 'VALIDATION_FAILED'],
  ['a query parameter where none is taken', '/links/5?x=1', {}, 400, 'VALIDATION_FAILED'],
  ['a query parameter out of bounds', '/links?limit=101', {}, 400, 'VALIDATION_FAILED'],
  ['a fraction for a whole number', '/links?limit=1.5', {}, 400, 'VALIDATION_FAILED'],
  ['a word for a number', '/links?limit=ten', {}, 400, 'VALIDATION_FAILED'],
  ['nothing for a number', '/links?limit=', {}, 400, 'VALIDATION_FAILED'],
  ['exponents for a number', '/links?limit=1e1', {}, 400, 'VALIDATION_FAILED'],
  ['one parameter twice', '/links?limit=1&limit=2', {}, 400, 'VALIDATION_FAILED'],
  ['a word for a boolean', '/links?on=yes', {}, 400, 'VALIDATION_FAILED'],
  ['a NUL character in the query', '/links?tag=%00', {}, 400, 'TEXT_INVALID'],
  ['a NUL character in the path', '/links/%00', {}, 400, 'TEXT_INVALID'],
  ['a path parameter of the wrong type', '/links/abc', {}, 400, 'VALIDATION_FAILED'],
  ['a path that is no UTF-8', '/links/%ff', {}, 400, 'URL_INVALID'],
  ['a path with a broken escape', '/links/%zz', {}, 400, 'URL_INVALID'],
  ['an overlong path parameter', `/links/${'a'.repeat(200)}`, {}, 404, 'NOT_FOUND'],
  ['an unknown path', '/nothing', {}, 404, 'NOT_FOUND'],
  ['a method that the path does not have', '/links', { method: 'DELETE' }, 404, 'NOT_FOUND'],
];

describe('a malformed request gets a problem document', () => {
  test.each(cases)('for %s', async (_name, path, init, status, code) => {
    const { origin, log } = await start();
    const response = await fetch(`${origin}${path}`, init);
    const problem = (await response.json()) as { requestId: string };
    expect(problem).toMatchObject({ type: 'about:blank', status, code });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problem.requestId).toBe(response.headers.get('x-request-id'));
    expect(response.headers.get('x-served-by')).toBe('test-1');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  const raw: [name: string, bytes: string, status: number, code: string][] = [
    ['bytes that are no HTTP', 'hello\r\n\r\n', 400, 'HTTP_MALFORMED'],
    ['an unknown method', 'BREW /links HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'HTTP_MALFORMED'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nx\r\n\r\n', 400, 'HTTP_MALFORMED'],
    [
      'two lengths of one body',
      'POST /links HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      400,
      'HTTP_MALFORMED',
    ],
    [
      'both a length and chunks',
      'POST /links HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'HTTP_MALFORMED',
    ],
    [
      'headers that are too large',
      `GET / HTTP/1.1\r\nHost: a\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['no host', 'GET /links HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'HOST_MISSING'],
    ['headers that never end', 'GET /links HTTP/1.1\r\nHost: a\r\n', 408, 'REQUEST_TIMEOUT'],
    [
      'a body that never ends',
      'POST /links HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
      408,
      'REQUEST_TIMEOUT',
    ],
  ];

  test.each(raw)('for %s', async (_name, bytes, status, code) => {
    const { port } = await start();
    const answer = await sendRaw(port, bytes);
    expect(answer.status).toBe(status);
    expect(answer.head).toContain('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ status, code });
  });
});

describe('a validation problem', () => {
  const errorsOf = async (body: unknown) => {
    const { server } = await start();
    const response = await server.inject({
      method: 'POST',
      url: '/links',
      payload: body as object,
    });
    return response.json().errors;
  };

  test('names every faulty field by its JSON pointer', async () => {
    expect(await errorsOf({ tags: ['a', 5], visibility: 'secret', clicks: 'x', 'a/b': 1 })).toEqual(
      expect.arrayContaining([
        { path: '/url', message: 'is required' },
        { path: '/a~1b', message: 'is not allowed' },
        { path: '/tags/1', message: 'must be string' },
        { path: '/visibility', message: 'must be "public" or "private"' },
      ]),
    );
    expect(await errorsOf({ url: 'a', clicks: 'x' })).toEqual([
      { path: '/clicks', message: 'must be integer or null' },
    ]);
  });

  test('names a bounded number of fields of hostile input', async () => {
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`k${index}`, 1]));
    expect((await errorsOf(many)).length).toBeLessThanOrEqual(20);
  });
});

test('query parameters are read as the types of the schema, with its defaults', async () => {
  const { server } = await start();
  const query = async (url: string) => (await server.inject(url)).json();
  expect(await query('/links')).toEqual({ limit: 20 });
  expect(await query('/links?limit=7&on=true&tag=a')).toEqual({ limit: 7, on: true, tag: ['a'] });
  expect(await query('/links?tag=a&tag=b')).toEqual({ limit: 20, tag: ['a', 'b'] });
  expect(await query('/links/42')).toEqual({ id: 42 });
});

test('text beyond ASCII, escaped or not, arrives as it was sent', async () => {
  const { server } = await start();
  const payload = '{"url":"\\ud83d\\ude00 \\\\u0000 ü €"}';
  const response = await server.inject({ method: 'POST', url: '/links', headers: json, payload });
  expect(response.json()).toEqual({ url: '😀 \\u0000 ü €' });
});
