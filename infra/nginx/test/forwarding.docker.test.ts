import { expect, test } from 'vitest';
import { exchange } from './http-exchange.ts';
import { startFront } from './start-front.ts';

const front = await startFront();
const create = await front.startStub('create');
await front.startStub('redirect');
await front.startStub('worker');
const nginx = await front.startNginx();
const { appOrigin, shortOrigin } = nginx;

test.each([
  ['/', 'create'],
  ['/api/links', 'create'],
  ['/api/links/bulk', 'create'],
  ['/api/links/slug/live', 'create'],
  ['/opsy', 'create'],
  ['/ops', 'worker'],
  ['/ops/queues/create?page=2', 'worker'],
])('at the app origin %s goes to %s', async (path, service) => {
  const { name, url } = (await exchange(`${appOrigin}${path}`)).json();
  expect(name).toMatch(new RegExp(`^${service}-`));
  expect(url).toBe(path);
});

test('what the pages load is asked of create once', async () => {
  for (const id of ['asset-1', 'asset-2']) {
    const answer = await exchange(`${appOrigin}/assets/main-abc.js`, {
      headers: { 'x-request-id': id },
    });
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: 'an asset' });
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['x-request-id']).toBeUndefined();
  }
  const asked = (await create.seen()).filter(({ url }) => url === '/assets/main-abc.js');
  expect(asked).toHaveLength(1);
});

test.each(['/', '/slug', '/ops', '/api/links', '/a%2Fb%20c+?q=%2F&q=2'])(
  'at the short origin %s goes to redirect as it is',
  async (path) => {
    const { name, url } = (await exchange(`${shortOrigin}${path}`)).json();
    expect(name).toMatch(/^redirect-/);
    expect(url).toBe(path);
  },
);

test('services see one client address, and nothing that a client says of it', async () => {
  const forged = {
    'x-forwarded-for': '203.0.113.7, 127.0.0.1',
    'x-real-ip': '203.0.113.7',
    forwarded: 'for=203.0.113.7',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '1',
    'x-forwarded-prefix': '/evil',
    proxy: 'http://evil.test',
  };
  for (const origin of [appOrigin, shortOrigin]) {
    const { headers } = (await exchange(`${origin}/slug`, { headers: forged })).json();
    expect(headers).toMatchObject({
      'x-forwarded-for': front.gateway,
      'x-forwarded-host': new URL(origin).host,
      'x-forwarded-proto': 'http',
      host: new URL(origin).host,
    });
    expect(Object.keys(headers)).not.toContain('x-real-ip');
    expect(JSON.stringify(headers)).not.toMatch(/203\.0\.113|evil/);
  }
});

test('behind a configured proxy the client is the last address that is none of them', async () => {
  const behind = await front.startNginx({ FRONT_PROXIES: `${front.gateway}/32, 198.51.100.0/24` });
  const headers = { 'x-forwarded-for': '192.0.2.1, 203.0.113.7, 198.51.100.9' };
  const answer = await exchange(`${behind.shortOrigin}/slug`, { headers });
  expect(answer.json().headers['x-forwarded-for']).toBe('203.0.113.7');
});

test('a well-formed request id is kept everywhere, any other is replaced', async () => {
  const kept = await exchange(`${shortOrigin}/slug`, { headers: { 'x-request-id': 'A_b.c-1' } });
  expect(kept.json().headers['x-request-id']).toBe('A_b.c-1');
  for (const bad of ['', 'with space', 'a,b', 'ü', 'x'.repeat(65), ['one', 'two']]) {
    const headers = { 'x-request-id': typeof bad === 'string' ? encodeURI(bad) : bad };
    const answer = await exchange(`${appOrigin}/api`, { headers });
    expect(answer.json().headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  }
});

test('a client’s trace goes on without its wish to be recorded; any other request gets a trace', async () => {
  const traceOf = async (headers = {}) =>
    (await exchange(`${shortOrigin}/slug`, { headers })).json().headers.traceparent;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(await traceOf({ traceparent })).toBe(traceparent.replace(/01$/, '00'));
  const none = `00-${'0'.repeat(32)}-b7ad6b7169203331-01`;
  for (const bad of [undefined, 'x', none, `${traceparent}-more`, [traceparent, traceparent]]) {
    const began = await traceOf(bad === undefined ? {} : { traceparent: bad });
    expect(began).toMatch(/^00-([0-9a-f]{16})[0-9a-f]{16}-\1-00$/);
  }
});

test('connections to the services are kept', async () => {
  const counts: number[] = [];
  for (let sent = 0; sent < 10; sent += 1) {
    counts.push((await exchange(`${appOrigin}/api`)).json().useCount);
  }
  expect(Math.max(...counts)).toBeGreaterThan(2);
});

test('a URL of 8,192 characters passes, as a request and as a target', async () => {
  const path = `/slug?q=${'a'.repeat(8_184)}`;
  expect((await exchange(`${shortOrigin}${path}`)).json().url).toBe(path);
  const { headers } = await exchange(`${shortOrigin}/long-location`);
  expect(headers.location).toHaveLength(8_192);
});

test.each(['text/html; charset=utf-8', 'text/css', 'text/javascript', 'image/svg+xml', 'font/ttf'])(
  'the dashboard’s %s is compressed',
  async (type) => {
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await exchange(`${appOrigin}/type/${type}`, { headers });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.headers.vary).toBe('Accept-Encoding');
  },
);

test.each(['application/json', 'application/problem+json', 'text/csv'])(
  'the API’s %s is not compressed',
  async (type) => {
    const headers = { 'accept-encoding': 'gzip' };
    const answer = await exchange(`${appOrigin}/type/${type}`, { headers });
    expect(answer.headers['content-encoding']).toBeUndefined();
  },
);

test('security headers are added where a service sends none, and never twice', async () => {
  const bare = await exchange(`${appOrigin}/api`);
  expect(bare.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
  });
  const own = await exchange(`${appOrigin}/with-headers`);
  expect(own.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'origin',
  });
  for (const { headers } of [bare, own]) {
    expect(headers.server).toBe('nginx');
    expect(headers['strict-transport-security']).toBeUndefined();
  }
});

test('the log has a JSON line for each request to the app, without its query', async () => {
  const headers = { 'x-request-id': 'logged-app-1' };
  await exchange(`${appOrigin}/api/auth/callback?code=secret`, { headers });
  const line = await nginx.logLine('"requestId":"logged-app-1"');
  expect(JSON.parse(line)).toMatchObject({
    instance: expect.stringMatching(/^[0-9a-f]{12}$/),
    origin: 'app',
    client: front.gateway,
    method: 'GET',
    path: '/api/auth/callback',
    status: 200,
    upstream: expect.stringMatching(/^[\d.]+:3000$/),
    upstreamStatus: '200',
  });
  expect(line).not.toContain('secret');
});

test('of the short origin the log has failures and about one redirect in a thousand, and no visitor', async () => {
  const requests = Array.from({ length: 300 }, (_, index) =>
    exchange(`${shortOrigin}/slug`, { headers: { 'x-request-id': `quiet-${index}` } }),
  );
  await Promise.all(requests);
  await exchange(`${shortOrigin}/break`, { headers: { 'x-request-id': 'logged-short-1' } });
  const line = await nginx.logLine('"requestId":"logged-short-1"');
  expect(JSON.parse(line)).toMatchObject({ origin: 'short', status: 502, path: '/break' });
  const all = (await nginx.log()).split('\n');
  expect(all.filter((each) => each.includes('"quiet-')).length).toBeLessThan(10);
  const short = all.filter((each) => !each.includes('"origin":"app"'));
  expect(short.filter((each) => each.includes(front.gateway))).toEqual([]);
});
