import { gzipSync } from 'node:zlib';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { publicInternet } from '../src/outgoing/outgoing-rules.ts';
import { type ReadPageOptions, readPage } from '../src/outgoing/read-page.ts';
import { html, startSite, testRules } from './web-server.ts';

const userAgent = 'TestBot/1';

function read(url: string, options: Partial<ReadPageOptions> = {}) {
  return readPage(url, { rules: publicInternet(), userAgent, ...options });
}

test('a page is read as a bot without cookies or credentials would', async () => {
  let headers: unknown;
  const site = await startSite((request, response) => {
    headers = request.headers;
    html('<title>Hello</title>', { 'set-cookie': 'a=b' })(request, response);
  });
  const reading = await read(`http://site.test:${site.port}/p?q=1`, {
    rules: testRules([site.port]),
  });

  expect(reading).toEqual({
    outcome: 'read',
    metadata: {
      title: 'Hello',
      description: null,
      faviconUrl: `http://site.test:${site.port}/favicon.ico`,
    },
  });
  expect(site.requests).toEqual([`site.test:${site.port}/p?q=1`]);
  expect(Object.keys(headers as object).toSorted()).toEqual([
    ...['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
  ]);
});

test('redirects are followed, and the icon is that of where they end', async () => {
  const site = await startSite((request, response) => {
    if (request.url === '/a') response.writeHead(301, { location: '/b' }).end('moved');
    else if (request.url === '/b')
      response.writeHead(307, { location: `http://other.test:${site.port}/c` }).end();
    else html('<title>There</title><link rel=icon href=i.png>')(request, response);
  });
  const reading = await read(`http://site.test:${site.port}/a`, { rules: testRules([site.port]) });
  expect(reading).toMatchObject({
    metadata: { title: 'There', faviconUrl: `http://other.test:${site.port}/i.png` },
  });
});

test('after five redirects there is nothing to read', async () => {
  const site = await startSite((request, response) => {
    response.writeHead(302, { location: `/${Number(request.url?.slice(1)) + 1}` }).end();
  });
  const reading = await read(`http://site.test:${site.port}/0`, { rules: testRules([site.port]) });
  expect(reading.outcome).toBe('nothing');
  expect(site.requests).toHaveLength(6);
});

test.each([
  ...['127.0.0.1', '10.0.0.1', '192.168.1.1', '172.16.0.1', '169.254.169.254', '100.64.0.1'],
  ...['0.0.0.0', '224.0.0.1', '255.255.255.255'],
  // The same in the spellings that URLs allow.
  ...['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0x7f.1', '①②⑦.0.0.1'],
  ...[
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ],
  ...['[fe80::1]', '[fd00::1]', '[ff02::1]', '[2002:7f00:1::]', '[2001:0:4136:e378::1]'],
])(
  'an address that is not public is refused, as a target and after a redirect: %s',
  async (host) => {
    expect((await read(`http://${host}/`)).outcome).toBe('refused');
    expect((await read(`https://${host}/`)).outcome).toBe('refused');
    const location = `http://${host.replaceAll(/[^ -~]/gu, encodeURIComponent)}/latest/meta-data`;
    const site = await startSite((_request, response) => {
      response.writeHead(302, { location }).end();
    });
    const reading = await read(`http://site.test:${site.port}/`, { rules: testRules([site.port]) });
    expect(reading).toMatchObject({ outcome: 'refused' });
  },
);

test.each([
  ['8.8.8.8', '127.0.0.1'],
  ['::1'],
  ['::ffff:10.0.0.1'],
  ['2606:4700:4700::1111', 'fd00::1'],
  ['not an address'],
  [],
])('a name that stands for %j %j is refused', async (...addresses) => {
  const rules = { ...publicInternet(), resolve: async () => addresses };
  const outcome = addresses.length === 0 ? 'unreachable' : 'refused';
  expect((await read('http://rebind.test/', { rules, timeoutMs: 500 })).outcome).toBe(outcome);
});

test('a name that is public at first and private later gains nothing', async () => {
  const answers = [['127.0.0.1'], ['10.0.0.1']];
  const site = await startSite((_request, response) => {
    response.writeHead(302, { location: '/again', connection: 'close' }).end();
  });
  const rules = testRules([site.port], () => answers.shift() ?? ['10.0.0.1']);
  const reading = await read(`http://rebind.test:${site.port}/`, { rules });

  expect(reading).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('rebind') });
  expect(site.requests).toEqual([`rebind.test:${site.port}/`]);
  expect(answers).toEqual([]);
});

test('a connection goes to the address that was checked, without asking again', async () => {
  let asked = 0;
  const site = await startSite(html('<title>Checked</title>'));
  const rules = testRules([site.port], () => (asked++ === 0 ? ['127.0.0.1'] : ['10.0.0.1']));
  const reading = await read(`http://rebind.test:${site.port}/`, { rules });
  expect([reading.outcome, asked]).toEqual(['read', 1]);
});

test.each([
  ...['http://example.com:8080/', 'https://example.com:22/', 'http://8.8.8.8:6379/'],
  ...['ftp://example.com/', 'file:///etc/passwd', 'http://user:password@example.com/'],
])('other ports, other schemes and credentials are refused: %s', async (url) => {
  const rules = { ...publicInternet(), resolve: async () => ['93.184.215.14'] };
  expect((await read(url, { rules })).outcome).toBe('refused');
});

test('localhost is not found, or refused, whatever the hosts file says', async () => {
  for (const host of ['localhost', 'localhost.', 'foo.localhost']) {
    expect((await read(`http://${host}/`)).outcome).not.toBe('read');
  }
});

test('only pages are read', async () => {
  const answers: Record<string, [number, Record<string, string>, string | Buffer]> = {
    '/json': [200, { 'content-type': 'application/json' }, '<title>x</title>'],
    '/nothing': [200, {}, '<title>x</title>'],
    '/packed': [
      200,
      { 'content-type': 'text/html', 'content-encoding': 'gzip' },
      gzipSync('<title>x</title>'),
    ],
    '/gone': [410, { 'content-type': 'text/html' }, '<title>x</title>'],
    '/lost': [302, { location: 'http://' }, ''],
    '/broken': [503, { 'content-type': 'text/html' }, '<title>x</title>'],
    '/busy': [429, { 'content-type': 'text/html' }, '<title>x</title>'],
  };
  const site = await startSite((request, response) => {
    const [status, headers, body] = answers[request.url ?? ''] ?? [404, {}, ''];
    response.writeHead(status, headers).end(body);
  });
  const rules = testRules([site.port]);
  const outcomes = await Promise.all(
    Object.keys(answers).map(async (path) => {
      const { outcome } = await read(`http://site.test:${site.port}${path}`, { rules });
      return `${path} ${outcome}`;
    }),
  );
  expect(outcomes).toEqual([
    ...['/json nothing', '/nothing nothing', '/packed nothing', '/gone nothing', '/lost nothing'],
    ...['/broken unreachable', '/busy unreachable'],
  ]);
});

test('of a page without end only so much is read, and the connection is closed', async () => {
  let sent = 0;
  let isClosed = false;
  const site = await startSite((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.on('close', () => {
      isClosed = true;
    });
    response.write('<title>Endless</title><!--');
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
    };
    response.on('drain', more);
    more();
  });
  const reading = await read(`http://site.test:${site.port}/`, {
    rules: testRules([site.port]),
    maxBytes: 262_144,
  });
  expect(reading).toMatchObject({ outcome: 'read', metadata: { title: 'Endless' } });
  await until(() => isClosed);
  expect(sent).toBeLessThan(20_000_000);
});

test('nothing after the head is waited for', async () => {
  const site = await startSite((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.write(`<head><title>Quick</title>${' '.repeat(2_000)}</head><body>`);
  });
  const reading = await read(`http://site.test:${site.port}/`, { rules: testRules([site.port]) });
  expect(reading).toMatchObject({ outcome: 'read', metadata: { title: 'Quick' } });
});

test.each([
  ['says nothing', () => {}],
  [
    'stops within the headers',
    (socket: import('node:net').Socket) => socket.write('HTTP/1.1 200 OK\r\ncont'),
  ],
  [
    'drips its body',
    (socket: import('node:net').Socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    },
  ],
] as const)('a server that %s is given up in time', async (_what, behave) => {
  const site = await startSite(() => {});
  site.server.removeAllListeners('request');
  site.server.on('connection', (socket) => {
    socket.on('error', () => {});
    behave(socket);
  });
  const begun = performance.now();
  const reading = await read(`http://site.test:${site.port}/`, {
    rules: testRules([site.port]),
    timeoutMs: 300,
  });
  expect(reading.outcome).toBe('unreachable');
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test('DNS that never answers is given up in time', async () => {
  const rules = { ...publicInternet(), resolve: () => new Promise<string[]>(() => {}) };
  const reading = await read('http://site.test/', { rules, timeoutMs: 200 });
  expect(reading.outcome).toBe('unreachable');
});

test('a site that speaks no TLS where it should is not read', async () => {
  const site = await startSite(html('<title>plain</title>'));
  const reading = await read(`https://site.test:${site.port}/`, { rules: testRules([site.port]) });
  expect(reading.outcome).toBe('unreachable');
});
