import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ApiError, createClient, orThrow } from '../src/index.ts';

/** A server that gives every request this answer, and remembers the requests' headers. */
async function answering(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ baseUrl: string; seen: Record<string, unknown>[] }> {
  const seen: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url, ...request.headers });
    if (status === 0) return;
    response.writeHead(status, headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test('a call carries the key and resolves to the data', async () => {
  const { baseUrl, seen } = await answering(200, '{"items":[],"nextCursor":null}', {
    'content-type': 'application/json',
  });
  const client = createClient({ baseUrl, apiKey: 'sk_test' });
  const page = await orThrow(client.GET('/api/links', { params: { query: { q: 'spring sale' } } }));
  expect(page).toEqual({ items: [], nextCursor: null });
  expect(seen[0]).toMatchObject({
    url: '/api/links?q=spring%20sale',
    authorization: 'Bearer sk_test',
  });
});

test('a refusal rejects with what the problem document says', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    detail: 'Too many links at once.',
    code: 'RATE_LIMITED',
    requestId: 'abc',
  };
  const { baseUrl } = await answering(429, JSON.stringify(problem), {
    'content-type': 'application/problem+json',
    'retry-after': '7',
  });
  const error = await orThrow(createClient({ baseUrl }).GET('/api/keys')).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    message: 'Too many links at once.',
    status: 429,
    code: 'RATE_LIMITED',
    requestId: 'abc',
    retryAfterSeconds: 7,
  });
});

test('an error that is no problem document, as of a proxy, is still an ApiError', async () => {
  const { baseUrl } = await answering(502, '<h1>Bad gateway</h1>', {
    'content-type': 'text/html',
    'x-request-id': 'from-header',
  });
  const call = orThrow(createClient({ baseUrl }).GET('/api/keys'));
  await expect(call).rejects.toMatchObject({
    status: 502,
    code: 'UNEXPECTED_ANSWER',
    requestId: 'from-header',
  });
});

test('a 204 resolves to nothing', async () => {
  const { baseUrl } = await answering(204, '');
  const call = createClient({ baseUrl }).DELETE('/api/links/{slug}', {
    params: { path: { slug: 'a' } },
  });
  expect(await orThrow(call)).toBeUndefined();
});

test('a server that never answers is given up, and one that is not there rejects', async () => {
  const { baseUrl } = await answering(0, '');
  const slow = createClient({ baseUrl, timeoutMs: 50 }).GET('/api/keys');
  await expect(slow).rejects.toMatchObject({ name: 'TimeoutError' });
  const nobody = createClient({ baseUrl: 'http://127.0.0.1:1' }).GET('/api/keys');
  await expect(nobody).rejects.toBeInstanceOf(TypeError);
});
