import { hash } from '@node-rs/argon2';
import { type SignedInUser, sessionCookieName, signedInUserCodec } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { createSessionStore, newSessionTag } from '@shortstack/session';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { changeLink, insertAccount, insertLink } from './links.ts';
import type { Answer } from './send.ts';
import { appOrigin, shortOrigin, startStack } from './start-redirect.ts';

const stack = await startStack();
const redirect = await stack.startHttp();
const { sql } = stack;
const browser = { accept: 'text/html' };
const cheap = { memoryCost: 8, timeCost: 1, parallelism: 1 };
const passwordHash = await hash('open sesame', cheap);

const protectedLink = () => insertLink(sql, { password_hash: passwordHash });
const formHeaders = { ...browser, 'content-type': 'application/x-www-form-urlencoded' };
const submit = (path: string, password: string, instance = redirect) =>
  instance.send(path, {
    method: 'POST',
    headers: formHeaders,
    body: new URLSearchParams({ password }).toString(),
  });
const postJson = (path: string, body: unknown) =>
  redirect.send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** What a browser would send back to that path. */
function cookieFor(path: string, answer: Answer): string {
  const [first = ''] = (answer.headers['set-cookie'] ?? []).filter((cookie) =>
    cookie.includes(`; Path=${path};`),
  );
  return first.split(';')[0] ?? '';
}

const firstCookie = (answer: Answer) => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';

/** Signs somebody in as create does; returns their cookie, as on the same site. */
async function signIn(userId: string): Promise<string> {
  return `${sessionCookieName}=${(await startSession(userId)).token}`;
}

async function startSession(userId: string) {
  const redis = connectRedis({ name: 'session', url: stack.redis.session.url });
  onTestFinished(() => redis.close());
  await redis.ready();
  const sessions = createSessionStore<SignedInUser>({
    redis,
    codec: signedInUserCodec,
    idleTtlSeconds: 3_600,
    absoluteTtlSeconds: 86_400,
    touchIntervalSeconds: 60,
    maxSessionsPerUser: 5,
  });
  const data = { email: 'a@example.com', name: 'A', role: 'user' as const };
  const { token } = await sessions.create({ userId, tag: newSessionTag(), data });
  return { token, sessions };
}

test('a password-protected link shows browsers a form and tells others what is missing', async () => {
  const { slug } = await protectedLink();
  const page = await redirect.get(`/${slug}`, browser);
  expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
  expect(page.body).toContain('type="password"');
  // Chrome would apply it to the redirect that follows the form.
  expect(page.headers['content-security-policy']).not.toContain('form-action');
  const answer = await redirect.get(`/${slug}`);
  expect(answer.status).toBe(401);
  expect(answer.json()).toMatchObject({ code: 'PASSWORD_REQUIRED' });
  expect(answer.headers.location).toBeUndefined();
});

test('the password opens the link, query and all, and is not asked for again', async () => {
  const { slug } = await insertLink(sql, { password_hash: passwordHash, forward_query: true });
  const answer = await submit(`/${slug}?a=b`, 'open sesame');
  expect([answer.status, answer.headers.location]).toEqual([303, `/${slug}?a=b`]);
  expect(answer.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
  const opened = await redirect.get(`/${slug}?a=b`, { cookie: cookieFor(`/${slug}`, answer) });
  expect([opened.status, opened.headers.location]).toEqual([302, 'https://target.example/?a=b']);
});

test('the preview of a protected link asks for the password, too', async () => {
  const { slug } = await protectedLink();
  expect((await redirect.get(`/${slug}+`)).status).toBe(401);
  const answer = await submit(`/${slug}+`, 'open sesame');
  expect([answer.status, answer.headers.location]).toEqual([303, `/${slug}+`]);
  const opened = await redirect.get(`/${slug}+`, { cookie: cookieFor(`/${slug}+`, answer) });
  expect(opened.json()).toMatchObject({ url: 'https://target.example/' });
});

test('a wrong password is refused, and a wrong body told', async () => {
  const { slug } = await protectedLink();
  const page = await submit(`/${slug}`, 'open barley');
  expect(page.status).toBe(401);
  expect(page.body).toContain('That is not the password');
  expect(page.headers['set-cookie']).toBeUndefined();
  expect((await postJson(`/${slug}`, { password: 'x' })).json()).toMatchObject({
    status: 401,
    code: 'WRONG_PASSWORD',
  });
  for (const body of [
    {},
    { password: '' },
    { password: 'x'.repeat(201) },
    { password: 1 },
    { password: 'x', more: 1 },
  ]) {
    expect((await postJson(`/${slug}`, body)).json()).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
    });
  }
  expect((await submit(`/${slug}`, 'x'.repeat(5_000))).status).toBe(413);
  expect((await submit('/unknown', 'open sesame')).status).toBe(404);
});

test('a grant opens no other link, and ends with the password and with time', async () => {
  const [link, other] = [await protectedLink(), await protectedLink()];
  const cookie = cookieFor(`/${link.slug}`, await submit(`/${link.slug}`, 'open sesame'));
  expect((await redirect.get(`/${other.slug}`, { cookie })).status).toBe(401);
  expect((await redirect.get(`/${link.slug}`, { cookie: cookie.replace('=1', '=2') })).status).toBe(
    401,
  );
  expect((await redirect.get(`/${link.slug}`, { cookie: 'unlocked=1.x' })).status).toBe(401);
  expect((await redirect.get(`/${link.slug}`, { cookie })).status).toBe(302);

  await changeLink(sql, link, { password_hash: await hash('open sesame', cheap) });
  await expect
    .poll(async () => (await redirect.get(`/${link.slug}`, { cookie })).status, { timeout: 5_000 })
    .toBe(401);
});

test('somebody who guesses is stopped', async () => {
  const limited = await stack.startHttp({ RATE_LIMITS: 'on' });
  const { slug } = await protectedLink();
  for (let at = 0; at < 10; at += 1) {
    expect((await submit(`/${slug}`, `guess ${at}`, limited)).status).toBe(401);
  }
  const refused = await submit(`/${slug}`, 'open sesame', limited);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
});

test('a private link asks who is not signed in to do so', async () => {
  const { slug } = await insertLink(sql, { visibility: 'private' });
  for (const cookie of ['', `${sessionCookieName}=forged`]) {
    const answer = await redirect.get(`/${slug}`, { cookie });
    expect(answer.status).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'UNAUTHENTICATED' });
  }
  const page = await redirect.get(`/${slug}?a=b&c`, browser);
  const returnTo = encodeURIComponent(`${shortOrigin}/${slug}?a=b&c`);
  expect(page.status).toBe(302);
  // The app is another site, so the session will be handed over.
  expect(page.headers.location).toMatch(`${appOrigin}/sign-in?returnTo=${returnTo}&challenge=`);
  expect(page.headers['cache-control']).toBe('no-store');
});

test('a session is handed over from the app, and the link opens with it until it ends', async () => {
  const { slug, accountId } = await insertLink(sql, { visibility: 'private' });
  const { token, sessions } = await startSession(accountId);
  const asked = await redirect.get(`/${slug}`, browser);
  const challenge = new URL(asked.headers.location ?? '').searchParams.get('challenge') ?? '';
  const code = await sessions.issueCode(token, { site: shortOrigin, challenge });
  const cookie = firstCookie(asked);
  const back = `/.session?code=${code}&returnTo=/${slug}`;
  const received = await redirect.get(back, { cookie, ...browser });
  expect([received.status, received.headers.location]).toEqual([303, `${shortOrigin}/${slug}`]);
  expect(received.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  const own = { cookie: firstCookie(received) };
  expect((await redirect.get(`/${slug}`, own)).headers.location).toBe('https://target.example/');

  const replayed = await redirect.get(back, { cookie, ...browser });
  expect([replayed.status, replayed.headers['set-cookie']]).toEqual([403, undefined]);
  expect(replayed.body).toContain(`href="${shortOrigin}/${slug}"`);
  expect((await redirect.get(back, { cookie })).json()).toMatchObject({
    code: 'SIGN_IN_CODE_INVALID',
  });
  await sessions.end(token);
  expect((await redirect.get(`/${slug}`, own)).status).toBe(401);
});

test('whatever comes to the hand-over, it is refused and nobody is signed in', async () => {
  for (const query of ['', '?code=', '?code=a.b.c', '?code=x&returnTo=//evil.example']) {
    const answer = await redirect.get(`/.session${query}`, browser);
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
    expect(answer.body).toContain(`href="${shortOrigin}/"`);
  }
  expect((await redirect.get('/.session?code=a&code=b', browser)).status).toBe(400);
  expect((await redirect.get('/.session?more=1', browser)).status).toBe(400);
});

test('only the owner passes a private link; to anybody else it does not exist', async () => {
  const { slug, accountId } = await insertLink(sql, { visibility: 'private' });
  const owner = await signIn(accountId);
  const stranger = await signIn(await insertAccount(sql));
  for (const path of [`/${slug}`, `/${slug}+`]) {
    expect((await redirect.get(path, { cookie: owner })).status).toBe(
      path.endsWith('+') ? 200 : 302,
    );
    const refused = await redirect.get(path, { cookie: stranger });
    expect([refused.status, refused.headers.location]).toEqual([404, undefined]);
    expect(refused.json()).toMatchObject({ code: 'LINK_NOT_FOUND' });
  }
});

test('while the session Redis hangs, private links are refused within 250 ms and public ones go on', async () => {
  const open = await insertLink(sql);
  const secret = await insertLink(sql, { visibility: 'private' });
  const cookie = await signIn(secret.accountId);
  expect((await redirect.get(`/${secret.slug}`, { cookie })).status).toBe(302);
  await redirect.get(`/${open.slug}`);

  await stack.redis.session.suspend();
  onTestFinished(() => stack.redis.session.resume());
  for (let at = 0; at < 5; at += 1) {
    const startedAt = performance.now();
    const answer = await redirect.get(`/${secret.slug}`, { cookie });
    expect(performance.now() - startedAt).toBeLessThan(250);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect((await redirect.get(`/${open.slug}`, { cookie })).status).toBe(302);
    // Nobody signed in and nothing to look up: that takes no Redis.
    expect((await redirect.get(`/${secret.slug}`)).status).toBe(401);
  }
  await stack.redis.session.resume();
  await until(async () => (await redirect.get(`/${secret.slug}`, { cookie })).status === 302, {
    message: 'sessions are read again',
  });
});
