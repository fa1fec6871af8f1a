import { connect, type Socket } from 'node:net';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { exchange } from './http-exchange.ts';
import { rawExchange } from './raw-exchange.ts';
import { startFront } from './start-front.ts';

const front = await startFront();
await front.startStub('create');
const redirect = await front.startStub('redirect');
const { appOrigin, shortOrigin } = await front.startNginx();

const longPath = `/${'a'.repeat(17_000)}`;
interface Refusal {
  what: string;
  status: number;
  code: string;
  path: string;
  headers?: Record<string, string>;
  /** What precedes the headers is refused, so that these are not read. */
  isIdUnread?: boolean;
}

const refusals: Refusal[] = [
  { what: 'a URL too long', status: 414, code: 'URL_TOO_LONG', path: longPath, isIdUnread: true },
  { what: 'a bad escape', status: 400, code: 'HTTP_MALFORMED', path: '/%zz', isIdUnread: true },
  {
    what: 'a header too large',
    status: 431,
    code: 'HEADERS_TOO_LARGE',
    path: '/',
    headers: { a: 'a'.repeat(17_000) },
  },
  { what: 'a path of nginx’s own', status: 404, code: 'NOT_FOUND', path: '/.problem' },
];

test.each(refusals)('$what is refused with $status and a problem document', async (refusal) => {
  const { status, code, path, isIdUnread = false } = refusal;
  for (const origin of [appOrigin, shortOrigin]) {
    const headers = { 'x-request-id': 'too-much', ...refusal.headers };
    const answer = await exchange(`${origin}${path}`, { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers.server).toBe('nginx');
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      detail: expect.any(String),
      status,
      code,
      requestId: expect.stringMatching(isIdUnread ? /^[0-9a-f]{32}$/ : /^too-much$/),
    });
    expect(answer.headers['x-request-id']).toBe(answer.json().requestId);
    expect(answer.headers['x-served-by']).toMatch(/^[0-9a-f]{12}$/);
  }
});

test('what is no HTTP is refused with a problem document', async () => {
  for (const origin of [appOrigin, shortOrigin]) {
    const { text } = await rawExchange(origin, 'GET / HTTP/1.1\r\n: no name\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).toContain('"code":"HTTP_MALFORMED"');
  }
});

test.each([
  ['a form', 'short', '/slug', 8_192],
  ['a link', 'app', '/api/links', 1_048_576],
  ['a bulk', 'app', '/api/links/bulk', 8_388_608],
])('the body of %s is taken up to its limit, and no byte further', async (_, name, path, limit) => {
  const url = `${name === 'app' ? appOrigin : shortOrigin}${path}`;
  const taken = await exchange(url, { method: 'POST', body: Buffer.alloc(limit) });
  expect(taken.json().bytes).toBe(limit);
  const headers = { 'content-length': String(limit + 1), 'x-request-id': 'too-large' };
  const refused = await exchange(url, { method: 'POST', body: Buffer.alloc(limit + 1), headers });
  expect(refused.status).toBe(413);
  expect(refused.json()).toMatchObject({ code: 'BODY_TOO_LARGE', requestId: 'too-large' });
});

test('browsers get a page instead', async () => {
  const headers = { accept: 'text/html,*/*;q=0.8', 'x-request-id': 'a-page' };
  const answer = await exchange(`${shortOrigin}/.problem.html`, { headers });
  expect(answer.status).toBe(404);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('<h1>There is nothing here</h1>');
  expect(answer.text).toContain('Request a-page');
});

test.concurrent('a head that trickles in is cut off after ten seconds', async () => {
  const { ms } = await rawExchange(shortOrigin, 'GET / HTTP/1.1\r\nHost: a\r\nX: ', 'x');
  expect(ms).toBeGreaterThan(8_000);
  expect(ms).toBeLessThan(14_000);
});

test.concurrent('a body that stops coming is cut off after ten seconds, and no service saw it', async () => {
  const head = 'POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf';
  const { ms } = await rawExchange(shortOrigin, head);
  expect(ms).toBeGreaterThan(8_000);
  expect(ms).toBeLessThan(14_000);
  expect((await redirect.seen()).filter(({ url }) => url === '/half')).toEqual([]);
});

test('an address that has 2,000 requests in progress gets 429 for more', async () => {
  const { hostname, port } = new URL(shortOrigin);
  const sockets: Socket[] = [];
  try {
    const refused = await until(
      async () => {
        for (let opened = 0; opened < 100 && sockets.length < 2_100; opened += 1) {
          const socket = connect(Number(port), hostname);
          socket.on('error', () => {});
          socket.write('GET /hang HTTP/1.1\r\nHost: a\r\n\r\n');
          sockets.push(socket);
        }
        const answer = await exchange(`${shortOrigin}/slug`);
        if (answer.status === 200) throw new Error(`Not yet with ${sockets.length}`);
        return answer;
      },
      { deadlineMs: 9_000, message: 'Nothing was refused' },
    );
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' });
    expect(sockets.length).toBeGreaterThan(1_900);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
