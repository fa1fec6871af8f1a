import { createHash, randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createSessionStore } from '../src/create-session-store.ts';
import { createRemoteSignIn } from '../src/remote-sign-in.ts';
import { createRequestSession } from '../src/request-session.ts';
import { newSessionTag } from '../src/session-token.ts';
import { codec, data, limits, site, startSessions } from './session-fixture.ts';

const signInUrl = 'https://app.example.com/sign-in';
const { store: atSite, redis, admin, close } = await startSessions();
afterAll(close);
afterEach(async () => {
  await admin.flushall();
});
/** At the service that signs in. */
const store = createSessionStore({ redis, codec, ...limits });
const elsewhere = createSessionStore({ redis, codec, ...limits, site: 'https://other.example' });

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
const newVerifier = () => randomBytes(32).toString('base64url');
const signIn = () => store.create({ userId: 'u1', tag: newSessionTag(), data });
const issue = async (token: string, verifier: string, target = site) =>
  (await store.issueCode(token, { site: target, challenge: hash(verifier) })) ?? '';
/** A session with a token of the site. */
async function handedOver() {
  const signedIn = await signIn();
  const verifier = newVerifier();
  const redeemed = await atSite.redeemCode(await issue(signedIn.token, verifier), verifier);
  return { ...signedIn, verifier, siteToken: redeemed?.token ?? '' };
}

describe('a code', () => {
  test('gives another site a token of its own for the same session', async () => {
    const { session, siteToken, token } = await handedOver();
    expect(siteToken).not.toBe(token);
    expect(await atSite.read(siteToken)).toEqual(session);
    expect(await store.list(session.tag)).toHaveLength(1);
  });

  test('is good once, and a failed attempt uses it up', async () => {
    const { token } = await signIn();
    const verifier = newVerifier();
    const used = await issue(token, verifier);
    const attempts = Array.from({ length: 5 }, () => atSite.redeemCode(used, verifier));
    expect((await Promise.all(attempts)).filter((redeemed) => redeemed !== null)).toHaveLength(1);

    const guessedAt = await issue(token, verifier);
    expect(await atSite.redeemCode(guessedAt, newVerifier())).toBeNull();
    expect(await atSite.redeemCode(guessedAt, verifier)).toBeNull();
  });

  test('works at its own site alone, and for nothing but the exchange', async () => {
    const { token } = await signIn();
    const verifier = newVerifier();
    expect(await elsewhere.redeemCode(await issue(token, verifier), verifier)).toBeNull();
    expect(await store.redeemCode(await issue(token, verifier), verifier)).toBeNull();
    expect(await atSite.read(await issue(token, verifier))).toBeNull();
  });

  test('lasts 60 s and is stored as a hash', async () => {
    const { token } = await signIn();
    const code = await issue(token, newVerifier());
    const [key = ''] = (await admin.keys('*')).filter((name) => name.includes('code:'));
    expect(await admin.pttl(key)).toBeGreaterThan(50_000);
    expect(await admin.pttl(key)).toBeLessThanOrEqual(60_000);
    expect(key).not.toContain(code.split('.')[2]);
  });

  test('of a session that has ended or was rotated is worthless and revives nothing', async () => {
    const verifier = newVerifier();
    const [ended, rotated] = [await signIn(), await signIn()];
    const codes = [await issue(ended.token, verifier), await issue(rotated.token, verifier)];
    await store.end(ended.token);
    await store.rotate(rotated.token);
    for (const code of codes) expect(await atSite.redeemCode(code, verifier)).toBeNull();
    expect(await store.list(ended.session.tag)).toEqual([]);
    expect(await admin.keys(`*${ended.session.tag}*`)).toEqual([]);
  });

  test('is not given for what is no session or no challenge', async () => {
    const { token } = await signIn();
    const { siteToken } = await handedOver();
    const challenge = hash('x');
    expect(await store.issueCode('nonsense', { site, challenge })).toBeNull();
    expect(await store.issueCode(siteToken, { site, challenge })).toBeNull();
    expect(await store.issueCode(token, { site, challenge: '' })).toBeNull();
    expect(await atSite.redeemCode('nonsense', newVerifier())).toBeNull();
  });
});

describe('the token of a site', () => {
  test('is stored as a hash beside the session, not in it, and ends with it however it ends', async () => {
    for (const end of ['end', 'endAll', 'rotate'] as const) {
      const { session, siteToken, token } = await handedOver();
      const key = `session:{${session.tag}}:${session.id}`;
      expect(Object.keys(await admin.hgetall(key)).join()).not.toContain(site);
      const secrets = await admin.hgetall(`${key}:sites`);
      expect(Object.keys(secrets)).toEqual([site]);
      expect(JSON.stringify(secrets)).not.toContain(siteToken.split('.')[2]);
      const ttlMs = await admin.pttl(`${key}:sites`);
      expect(ttlMs).toBeGreaterThan(0);
      expect(ttlMs).toBeLessThanOrEqual(limits.absoluteTtlSeconds * 1_000);
      await store[end](end === 'endAll' ? session.tag : token);
      expect(await atSite.read(siteToken)).toBeNull();
      expect(await admin.exists(key, `${key}:sites`)).toBe(0);
    }
  });

  test('is good at that site alone, and only reads', async () => {
    const { siteToken, token } = await handedOver();
    expect(await store.read(siteToken)).toBeNull();
    expect(await elsewhere.read(siteToken)).toBeNull();
    expect(await atSite.end(siteToken)).toBe(false);
    expect(await atSite.update(siteToken, { role: 'admin' })).toBe(false);
    expect(await atSite.rotate(siteToken)).toBeNull();
    expect((await store.read(token))?.data).toEqual(data);
    const [tag, id] = siteToken.split('.');
    expect(await atSite.read(`${tag}.${id}.${newVerifier()}`)).toBeNull();
  });

  test('replaces the one before it, so that their number is bounded', async () => {
    const { siteToken, token, session } = await handedOver();
    const verifier = newVerifier();
    const again = await atSite.redeemCode(await issue(token, verifier), verifier);
    expect(await atSite.read(siteToken)).toBeNull();
    expect(await atSite.read(again?.token ?? '')).not.toBeNull();
    expect(await admin.hkeys(`session:{${session.tag}}:${session.id}:sites`)).toEqual([site]);
  });
});

describe('signing in for a service on another site', () => {
  const remote = createRemoteSignIn({
    store: atSite,
    site,
    signInUrl,
    cookie: { name: 's', domain: 'example.com' },
  });
  const app = Fastify();
  app.get('/page', async (request, reply) => {
    const session = await createRequestSession(
      atSite,
      remote.cookie,
      request.headers.cookie,
    ).read();
    return session?.userId ?? remote.begin(request, reply, `${site}/page?a=b`);
  });
  remote.receive(app, '/.session', (_request, reply, returnTo) => reply.code(403).send(returnTo));
  afterAll(() => app.close());
  const get = (url: string, cookie = '') => app.inject({ url, headers: { cookie } });
  const cookieOf = (answer: Awaited<ReturnType<typeof get>>) =>
    String(answer.headers['set-cookie']).split(';')[0] ?? '';
  const challengeIn = (answer: Awaited<ReturnType<typeof get>>) =>
    new URL(String(answer.headers.location)).searchParams.get('challenge') ?? '';

  test('a browser comes back with a code and gets a cookie of this site alone', async () => {
    const begun = await get('/page');
    expect(begun.statusCode).toBe(302);
    expect(begun.headers.location).toMatch(
      `${signInUrl}?returnTo=${encodeURIComponent(`${site}/page?a=b`)}&challenge=`,
    );
    expect(begun.headers['set-cookie']).toMatch(
      /^__Host-s_pending=[\w-]{43}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    const { token } = await signIn();
    const code = await store.issueCode(token, { site, challenge: challengeIn(begun) });
    const back = await get(`/.session?code=${code}&returnTo=%2Fpage%3Fa%3Db`, cookieOf(begun));
    expect([back.statusCode, back.headers.location]).toEqual([303, `${site}/page?a=b`]);
    expect(back.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(back.headers['set-cookie']).toMatch(
      /^__Host-s=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect((await get('/page', cookieOf(back))).body).toBe('u1');
    await store.end(token);
    expect((await get('/page', cookieOf(back))).statusCode).toBe(302);
  });

  test('two tabs that begin at once both get through', async () => {
    const one = await get('/page');
    const two = await get('/page', cookieOf(one));
    expect(challengeIn(two)).toBe(challengeIn(one));
  });

  test('a code that somebody else began with signs nobody in', async () => {
    const attacker = await get('/page');
    const { token } = await signIn();
    const plant = () => store.issueCode(token, { site, challenge: challengeIn(attacker) });
    for (const cookie of ['', cookieOf(await get('/page')), '__Host-s_pending=short']) {
      const answer = await get(`/.session?code=${await plant()}&returnTo=/x`, cookie);
      expect([answer.statusCode, answer.body]).toEqual([403, `${site}/x`]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  test('a code can lead nowhere but to this site, and HEAD does not use it up', async () => {
    const begun = await get('/page');
    const { token } = await signIn();
    for (const wanted of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:1',
    ]) {
      const code = await store.issueCode(token, { site, challenge: challengeIn(begun) });
      const query = new URLSearchParams({ code: code ?? '', returnTo: wanted });
      const url = `/.session?${query.toString()}`;
      const head = await app.inject({ method: 'HEAD', url, headers: { cookie: cookieOf(begun) } });
      expect(head.statusCode).toBe(404);
      expect((await get(url, cookieOf(begun))).headers.location).toBe(`${site}/`);
    }
  });

  test('where the cookie is shared there is only the redirect', async () => {
    const near = createRemoteSignIn({
      store,
      site: 'https://go.example.com',
      signInUrl,
      cookie: { name: 's', domain: 'example.com' },
    });
    const own = Fastify();
    own.get('/page', (request, reply) => near.begin(request, reply, 'https://go.example.com/page'));
    near.receive(own, '/.session', (_request, reply) => reply.code(403).send());
    const begun = await own.inject('/page');
    expect(begun.headers.location).toBe(
      `${signInUrl}?returnTo=${encodeURIComponent('https://go.example.com/page')}`,
    );
    expect(begun.headers['set-cookie']).toBeUndefined();
    expect((await own.inject('/.session')).statusCode).toBe(404);
    expect(near.cookie.name).toBe('__Secure-s');
    await own.close();
  });
});
