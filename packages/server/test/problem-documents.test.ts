import { AppError, type ErrorKind, unavailable } from '@shortstack/errors';
import { createMetrics } from '@shortstack/telemetry';
import Type from 'typebox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from './start-server.ts';

const statuses: [ErrorKind, number][] = [
  ['invalid', 400],
  ['unauthenticated', 401],
  ['forbidden', 403],
  ['not_found', 404],
  ['conflict', 409],
  ['gone', 410],
  ['unprocessable', 422],
  ['rate_limited', 429],
  ['unavailable', 503],
];

function startThrowing(error: unknown) {
  return startServer((server) => {
    server.get('/', () => {
      throw error;
    });
  });
}

test.each(statuses)(
  'an error of kind %s is answered with %i and speaks for itself',
  async (kind, status) => {
    const { server } = await startThrowing(new AppError(kind, 'SOME_CODE', 'Do this instead.'));
    const response = await server.inject('/');
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      detail: 'Do this instead.',
      code: 'SOME_CODE',
      requestId: response.headers['x-request-id'],
    });
  },
);

describe('an error that is nobody’s business', () => {
  const secrets = new Error('password=hunter2', { cause: new Error('the reason') });

  test.each([
    ['an unexpected error', secrets],
    [
      'an error of kind internal',
      new AppError('internal', 'BROKEN', 'hunter2', { cause: secrets }),
    ],
    ['a text', 'hunter2'],
    ['an error with a status of its own', Object.assign(new Error('hunter2'), { statusCode: 503 })],
  ])('is answered with a bare 500 and logged whole: %s', async (_name, error) => {
    const { server, log } = await startThrowing(error);
    const response = await server.inject('/');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(response.body).not.toMatch(/hunter2|stack|reason/);
    expect(log.at(-1)).toMatchObject({
      level: 'error',
      requestId: response.headers['x-request-id'],
      err: { message: expect.any(String) },
    });
  });

  test('keeps its cause in the log', async () => {
    const { server, log } = await startThrowing(secrets);
    await server.inject('/');
    expect(log.at(-1)).toMatchObject({ err: { cause: { message: 'the reason' } } });
  });
});

test('an unavailable dependency is answered with Retry-After and logged once per second, not per request', async () => {
  const { server, log } = await startThrowing(unavailable('REDIS_UNAVAILABLE', 'Try again.'));
  for (let count = 0; count < 5; count += 1) {
    const response = await server.inject('/');
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('1');
  }
  expect(log.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('a problem passes a route’s response schema untouched', async () => {
  const { server } = await startServer((app) => {
    const response = { '4xx': Type.Object({ only: Type.String() }) };
    app.get('/', { schema: { response } }, () => {
      throw new AppError('gone', 'LINK_GONE', 'This link was deleted.');
    });
  });
  expect((await server.inject('/')).json()).toMatchObject({ code: 'LINK_GONE', status: 410 });
});

test('a client’s request id is kept if it is well formed, and replaced otherwise', async () => {
  const { server } = await startServer(() => {});
  const idFor = async (id: string) =>
    (await server.inject({ url: '/', headers: { 'x-request-id': id } })).headers['x-request-id'];
  expect(await idFor('Abc_1.2-3')).toBe('Abc_1.2-3');
  for (const bad of ['', 'a b', 'ä', 'a'.repeat(65), '<script>']) {
    const id = await idFor(bad);
    expect(id).not.toBe(bad);
    expect(id).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
  }
});

test('forwarded addresses are believed from trusted proxies alone', async () => {
  const ask = async (trustProxy: string[]) => {
    const { server } = await startServer(
      (app) => void app.get('/', (request) => ({ ip: request.ip })),
      { trustProxy },
    );
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    return (await server.inject({ url: '/', headers })).json().ip;
  };
  expect(await ask([])).toBe('127.0.0.1');
  expect(await ask(['10.0.0.0/8'])).toBe('127.0.0.1');
  expect(await ask(['127.0.0.0/8'])).toBe('203.0.113.7');
});

test('a route whose body or query schema is open can’t be registered', async () => {
  const open = Type.Object({ inner: Type.String() });
  const nested = Type.Object({ list: Type.Array(open) }, { additionalProperties: false });
  await startServer((server) => {
    const message = /must set additionalProperties/;
    expect(() => server.post('/a', { schema: { body: open } }, () => '')).toThrow(message);
    expect(() => server.post('/b', { schema: { body: nested } }, () => '')).toThrow(message);
    expect(() => server.get('/c', { schema: { querystring: open } }, () => '')).toThrow(message);
  });
});

test('answered requests are measured by route pattern and status', async () => {
  const metrics = createMetrics({ service: 'test', instanceId: 'test-1' });
  onTestFinished(metrics.close);
  const { server } = await startServer((app) => void app.get('/links/:slug', () => ({})), {
    metrics,
  });
  await server.inject('/links/abc');
  await server.inject('/nothing/at/all');
  const text = await metrics.render();
  expect(text).toContain(
    'http_server_request_duration_seconds_count{method="GET",route="/links/:slug",status="200",service="test"} 1',
  );
  expect(text).toContain('route="none",status="404"');
});

test('requests that fail by our fault are counted, and those that don’t are not', async () => {
  const metrics = createMetrics({ service: 'test', instanceId: 'test-1' });
  onTestFinished(metrics.close);
  const { server } = await startServer(
    (app) => {
      app.get('/broken', () => Promise.reject(new Error('broken')));
      app.get('/away', () => Promise.reject(unavailable('AWAY', 'It is away.')));
      app.get('/well', () => ({}));
    },
    { failureMetrics: metrics },
  );
  expect(await metrics.render()).toContain('shortstack_requests_failed_total{service="test"} 0\n');
  for (const path of ['/broken', '/away', '/well', '/nothing']) await server.inject(path);
  expect(await metrics.render()).toContain('shortstack_requests_failed_total{service="test"} 2\n');
});

test('the access log samples requests and leaves queries out', async () => {
  const { server, log } = await startServer((app) => void app.get('/a', () => ({})), {
    accessLogSampleEvery: 2,
  });
  for (let count = 0; count < 4; count += 1) await server.inject('/a?token=hunter2');
  const entries = log.filter(({ msg }) => msg === 'request');
  expect(entries).toHaveLength(2);
  expect(entries[0]).toMatchObject({ method: 'GET', path: '/a', status: 200 });
  expect(JSON.stringify(entries)).not.toContain('hunter2');
});
