import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type WebAppOptions, webApp } from '../src/index.ts';
import { startServer } from './start-server.ts';

const script = `export const words = '${'one two three '.repeat(200)}';`;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'web-app-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Dashboard</title>');
  await writeFile(join(directory, 'assets/main-abc.js'), script);
  await writeFile(join(directory, 'assets/main-abc.js.br'), brotliCompressSync(script));
  await writeFile(join(directory, 'assets/main-abc.js.gz'), gzipSync(script));
  await writeFile(join(directory, 'assets/icon-abc.svg'), '<svg/>');
});
afterAll(() => rm(directory, { recursive: true }));

async function start(options: Partial<WebAppOptions> = {}) {
  const { server } = await startServer((app) => {
    void app.register(
      webApp({ directory, entry: 'index.html', paths: ['/', '/links/:slug'], ...options }),
    );
  });
  return server;
}

test('each of its addresses shows the page, under a policy that allows files of its own alone', async () => {
  const server = await start({ connectTo: ['http://127.0.0.1:9399'] });
  for (const url of ['/', '/links/some-slug', '/?from=elsewhere']) {
    const { statusCode, headers, body } = await server.inject(url);
    expect({ url, statusCode, body }).toEqual({
      url,
      statusCode: 200,
      body: '<!doctype html><title>Dashboard</title>',
    });
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' http://127.0.0.1:9399",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ]),
    );
    expect(String(policy)).not.toContain('unsafe');
  }
});

test('HEAD says the same without the page', async () => {
  const server = await start();
  const { statusCode, headers, body } = await server.inject({ method: 'HEAD', url: '/' });
  expect({ statusCode, body }).toEqual({ statusCode: 200, body: '' });
  expect(headers['content-security-policy']).toContain("script-src 'self'");
  const asset = await server.inject({ method: 'HEAD', url: '/assets/main-abc.js' });
  expect({ statusCode: asset.statusCode, body: asset.body }).toEqual({ statusCode: 200, body: '' });
});

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
  ['identity', undefined, (body: Buffer) => body],
])(
  'a client that accepts %s gets an asset as the build made it, for ever',
  async (accepts, encoding, decode) => {
    const server = await start();
    const { statusCode, headers, rawPayload } = await server.inject({
      url: '/assets/main-abc.js',
      headers: { 'accept-encoding': accepts },
    });
    expect(statusCode).toBe(200);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toMatch(/^(text|application)\/javascript/);
    expect(headers.vary).toBe('accept-encoding');
    expect(decode(rawPayload).toString()).toBe(script);
  },
);

test('an asset that is not compressed goes out as it is', async () => {
  const server = await start();
  const { headers, body } = await server.inject({
    url: '/assets/icon-abc.svg',
    headers: { 'accept-encoding': 'br' },
  });
  expect({ type: headers['content-type'], body }).toEqual({
    type: 'image/svg+xml',
    body: '<svg/>',
  });
});

test.each([
  '/assets/main-old.js',
  '/assets/',
  '/assets/../index.html',
  '/assets/%2e%2e/index.html',
  '/assets/..%2findex.html',
])('%s is a 404 that nobody keeps', async (url) => {
  const server = await start();
  const { statusCode, headers } = await server.inject(url);
  expect(statusCode).toBeGreaterThanOrEqual(400);
  expect(statusCode).toBeLessThan(500);
  expect(headers['content-type']).toContain('application/problem+json');
  expect(headers['cache-control']).not.toContain('immutable');
});

test('without a build the page says how to make one, and appears once it is made', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'web-app-'));
  const server = await start({ directory: empty });
  const missing = await server.inject('/');
  expect(missing.statusCode).toBe(503);
  expect(missing.json()).toMatchObject({
    code: 'WEB_NOT_BUILT',
    detail: expect.stringContaining('npm run build:web'),
  });
  expect((await server.inject('/assets/main.js')).statusCode).toBe(404);

  await mkdir(join(empty, 'assets'));
  await writeFile(join(empty, 'index.html'), '<!doctype html>');
  await writeFile(join(empty, 'assets/main.js'), 'export {};');
  expect((await server.inject('/')).statusCode).toBe(200);
  expect((await server.inject('/assets/main.js')).statusCode).toBe(200);
  await rm(empty, { recursive: true });
});

test('who may not see the page may still load its files', async () => {
  const server = await start({
    onRequest: async (_request, reply) => {
      await reply.redirect('/sign-in');
    },
  });
  expect((await server.inject('/')).headers.location).toBe('/sign-in');
  expect((await server.inject('/assets/main-abc.js')).statusCode).toBe(200);
});
