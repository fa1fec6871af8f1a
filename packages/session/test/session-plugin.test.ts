import { AppError } from '@shortstack/errors';
import Fastify, { type InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionCookieOptions } from '../src/session-cookie.ts';
import { requireSession, sessionPlugin } from '../src/session-plugin.ts';
import { newSessionTag } from '../src/session-token.ts';
import { data, startSessions } from './session-fixture.ts';

const sessions = await startSessions();
afterAll(sessions.close);
const { store, admin } = sessions;
const origin = 'https://app.example.com';

async function startApp(cookie: SessionCookieOptions = { name: 'session', secure: true }) {
  const app = Fastify();
  const statuses = { unauthenticated: 401, forbidden: 403, unavailable: 503 } as Record<
    string,
    number
  >;
  app.setErrorHandler(async (error, _request, reply) => {
    const known = error instanceof AppError ? error : undefined;
    return reply.code(statuses[known?.kind ?? ''] ?? 500).send({ code: known?.code });
  });
  await app.register(sessionPlugin, { store, cookie, origins: [origin] });
  app.get('/public', async () => ({ ok: true }));
  app.get('/maybe', async (request) => ({
    userId: (await request.session.read())?.userId ?? null,
  }));
  app.get('/me', { preHandler: requireSession }, async (request) => {
    const [first, second] = [await request.session.require(), await request.session.require()];
    return { role: first.data.role, same: first === second };
  });
  app.post('/write', async () => ({ ok: true }));
  app.post('/login', async (request, reply) => {
    const { token } = await store.create({ userId: 'u1', tag: newSessionTag(), data });
    if (request.session.token !== null) await store.end(request.session.token);
    request.session.setCookie(reply, token);
    return { ok: true };
  });
  app.post('/logout', async (request, reply) => {
    if (request.session.token !== null) await store.end(request.session.token);
    request.session.clearCookie(reply);
    return reply.code(204).send();
  });
  return app;
}

const app = await startApp();
afterAll(() => app.close());
let cookie = '';
beforeAll(async () => {
  const { token } = await store.create({ userId: 'u1', tag: newSessionTag(), data });
  cookie = `__Host-session=${token}`;
});

async function send(options: InjectOptions) {
  const response = await app.inject(options);
  return { status: response.statusCode, ...response.json<Record<string, unknown>>() };
}

describe('who is signed in', () => {
  test('a request with a session is let in, and asks Redis once', async () => {
    await admin.config('RESETSTAT');
    const answer = await send({ url: '/me', headers: { cookie } });
    expect(answer).toEqual({ status: 200, role: 'user', same: true });
    expect(await admin.info('commandstats')).toContain('cmdstat_hgetall:calls=1,');
  });

  test('a request that does not ask who is signed in costs Redis nothing', async () => {
    await admin.config('RESETSTAT');
    expect(await send({ url: '/public', headers: { cookie } })).toEqual({ status: 200, ok: true });
    expect(await admin.info('commandstats')).not.toContain('cmdstat_hgetall');
  });

  test('looking at a session writes none: no cookie is set, nothing is stored for a visitor, and no data is written again', async () => {
    await send({ url: '/me', headers: { cookie } });
    const keys = await admin.dbsize();
    await admin.config('RESETSTAT');
    for (const headers of [{}, { cookie }]) {
      const response = await app.inject({ url: '/maybe', headers });
      expect(response.headers['set-cookie']).toBeUndefined();
    }
    expect(await admin.dbsize()).toBe(keys);
    expect(await admin.info('commandstats')).not.toMatch(/cmdstat_(hset|evalsha|set|expire):/);
  });

  test.each([
    ['no cookie', undefined],
    ['another cookie', 'other=1; x-__Host-session=2'],
    ['an empty cookie', '__Host-session='],
    ['a malformed cookie', '__Host-session=garbage'],
    ['a broken header', ';;=;__Host-session'],
    ['a token that never was', `__Host-session=${'a'.repeat(22)}.${'b'.repeat(43)}`],
  ])('%s means: not signed in', async (_name, header) => {
    const headers = header === undefined ? {} : { cookie: header };
    expect(await send({ url: '/maybe', headers })).toEqual({ status: 200, userId: null });
    expect(await send({ url: '/me', headers })).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('the cookie is found among others', async () => {
    const headers = { cookie: `a=1; ${cookie} ;b="2"` };
    expect(await send({ url: '/maybe', headers })).toEqual({ status: 200, userId: 'u1' });
  });
});

describe('the cookie', () => {
  const setCookie = async (options: SessionCookieOptions, url: string) => {
    const own = await startApp(options);
    const { headers } = await own.inject({ method: 'POST', url });
    await own.close();
    return headers['set-cookie'];
  };
  const token = '[\\w-]{22}\\.[\\w-]{43}';

  test.each<[string, SessionCookieOptions, string]>([
    [
      'one host',
      { name: 's', secure: true },
      `__Host-s=${token}; Path=/; HttpOnly; SameSite=Lax; Secure`,
    ],
    [
      'a parent domain',
      { name: 's', secure: true, domain: 'example.com', maxAgeSeconds: 60 },
      `__Secure-s=${token}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Domain=example.com; Secure`,
    ],
    ['localhost', { name: 's', secure: false }, `s=${token}; Path=/; HttpOnly; SameSite=Lax`],
  ])('for %s is as narrow as it can be', async (_name, options, expected) => {
    expect(await setCookie(options, '/login')).toMatch(new RegExp(`^${expected}$`));
  });

  test('signing out takes it away with the same attributes', async () => {
    expect(await setCookie({ name: 's', secure: true, domain: 'example.com' }, '/logout')).toBe(
      '__Secure-s=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Domain=example.com; Secure',
    );
  });

  test('signing in ends the session that the browser brought along', async () => {
    const before = await store.create({ userId: 'u1', tag: newSessionTag(), data });
    const headers = { cookie: `__Host-session=${before.token}`, origin };
    expect((await app.inject({ method: 'POST', url: '/login', headers })).statusCode).toBe(200);
    expect(await store.read(before.token)).toBeNull();
  });
});

describe('a write that carries the session cookie', () => {
  const write = (headers: Record<string, string>) =>
    send({ method: 'POST', url: '/write', headers });

  test.each<[string, Record<string, string>]>([
    ['our own origin', { origin }],
    ['the same origin, as the browser tells', { 'sec-fetch-site': 'same-origin' }],
  ])('is let in from %s', async (_from, headers) => {
    expect(await write({ cookie, ...headers })).toEqual({ status: 200, ok: true });
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { origin: 'https://go.example.com', 'sec-fetch-site': 'same-site' }],
    ['our host over another scheme', { origin: 'http://app.example.com' }],
    ['a name that begins like ours', { origin: 'https://app.example.com.evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['nowhere that is known', {}],
    ['the address bar', { 'sec-fetch-site': 'none' }],
  ])('is refused from %s', async (_from, headers) => {
    expect(await write({ cookie, ...headers })).toEqual({ status: 403, code: 'CSRF_REJECTED' });
  });

  test('is refused even with a token that is no session', async () => {
    const answer = await write({
      cookie: '__Host-session=garbage',
      origin: 'https://evil.example',
    });
    expect(answer).toEqual({ status: 403, code: 'CSRF_REJECTED' });
  });

  test('is none of its business without the cookie, or if it is a read', async () => {
    const headers = { origin: 'https://evil.example' };
    expect(await write({ ...headers, authorization: 'Bearer key' })).toMatchObject({ status: 200 });
    expect(await send({ url: '/me', headers: { ...headers, cookie } })).toMatchObject({
      status: 200,
    });
  });
});

test('while Redis is gone a cookie means 503 and never 401; without one nothing changes', async () => {
  await sessions.server.kill();
  const unavailable = { status: 503, code: 'REDIS_UNAVAILABLE' };
  expect(await send({ url: '/me', headers: { cookie } })).toEqual(unavailable);
  expect(await send({ url: '/maybe', headers: { cookie } })).toEqual(unavailable);
  expect(await send({ url: '/public', headers: { cookie } })).toEqual({ status: 200, ok: true });
  expect(await send({ url: '/me' })).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  const malformed = { cookie: '__Host-session=garbage' };
  expect(await send({ url: '/me', headers: malformed })).toMatchObject({ status: 401 });
});
