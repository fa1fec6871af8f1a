import type { Response } from 'light-my-request';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { client, cookieOf, signUp } from './client.ts';
import { appOrigin, shortOrigin, startCreate } from './start-create.ts';
import { type Person, startOidcProvider } from './start-oidc-provider.ts';

const issuer = await startOidcProvider(`${appOrigin}/api/auth/oidc/test/callback`);
const { clientId, clientSecret } = issuer;
const create = await startCreate({
  OIDC_PROVIDERS: JSON.stringify([
    { id: 'test', name: 'Test ID', issuer: issuer.issuer, clientId, clientSecret },
    { id: 'down', name: 'Down ID', issuer: 'http://127.0.0.1:9', clientId, clientSecret },
  ]),
});
afterAll(() => issuer.close());
afterEach(() => vi.useRealTimers());
const anyone = client(create);

/** Goes to the issuer, signs in there, and returns the address that it sends back to, with what the browser has kept. */
async function visitIssuer(person: Person | null, begun: Response) {
  expect(begun.statusCode).toBe(303);
  issuer.person = person;
  const cookies = new Map<string, string>();
  let url = String(begun.headers.location);
  while (!url.startsWith(appOrigin)) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${answer.status}: ${await answer.text()}`);
    url = new URL(location, url).href;
  }
  const { pathname, search } = new URL(url);
  return { callback: `${pathname}${search}`, cookie: cookieOf(begun) };
}

const begin = (query = '') => anyone.get(`/api/auth/oidc/test${query}`);

async function signIn(person: Person | null, query = '') {
  const { callback, cookie } = await visitIssuer(person, await begin(query));
  return anyone.get(callback, { cookie });
}

type Owner = Awaited<ReturnType<typeof signUp>>;

/** Links this person to the account, where another session comes back, perhaps. */
async function link(owner: Owner, person: Person, finisher = owner) {
  const begun = await owner.post('/api/auth/oidc/test/link');
  const { callback, cookie } = await visitIssuer(person, {
    ...begun,
    statusCode: 303,
    headers: { ...begun.headers, location: begun.json().url },
  } as Response);
  return anyone.get(callback, { cookie: `${cookie}; ${finisher.headers.cookie}` });
}

/** The session cookie among those that an answer sets. */
function sessionOf(answer: Response): string {
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return cookies.find((line) => line.startsWith('shortstack_session='))?.split(';')[0] ?? '';
}

async function who(answer: Response) {
  return (await anyone.get('/api/auth/me', { cookie: sessionOf(answer) })).json().user;
}

let people = 0;
function somebody(): Person & { email: string } {
  people += 1;
  return { sub: `p${people}`, email: `p${people}@id.test`, email_verified: true, name: 'Ada' };
}

test('who is new gets an account without a password, and the same account the next time', async () => {
  const person = somebody();
  const first = await signIn({ ...person, email: person.email.toUpperCase() });
  expect([first.statusCode, first.headers.location]).toEqual([303, appOrigin]);
  const user = await who(first);
  expect(user).toMatchObject({ email: person.email, name: 'Ada', role: 'user' });

  const second = await signIn({ ...person, email: 'moved@id.test', email_verified: false });
  expect(await who(second)).toEqual(user);
  const login = await anyone.post('/api/auth/login', { email: person.email, password: '!' });
  expect(login.json().code).toBe('INVALID_CREDENTIALS');
});

test('it leads back to the link that asked for the sign-in, on another site by a code', async () => {
  const target = `${shortOrigin}/private?a=b`;
  const query = `?returnTo=${encodeURIComponent(target)}&challenge=${'c'.repeat(43)}`;
  const page = await anyone.get(`/sign-in${query}`);
  expect(page.body).toContain('href="/api/auth/oidc/test?returnTo=');
  expect(page.body).toContain('Continue with Test ID');
  const answer = await signIn(somebody(), query);
  const location = new URL(String(answer.headers.location));
  expect(location.origin + location.pathname).toBe(`${shortOrigin}/.session`);
  expect(location.searchParams.get('code')).toMatch(/^[\w-]{22}\.[\w-]{43}\.[\w-]{43}$/);
  expect(location.searchParams.get('returnTo')).toBe('/private?a=b');

  const foreign = await signIn(somebody(), '?returnTo=https://evil.example/');
  expect(foreign.headers.location).toBe(appOrigin);
});

test('an address never opens the account that somebody has registered with a password', async () => {
  const { email } = await signUp(create);
  const answer = await signIn({ ...somebody(), email });
  expect(answer.statusCode).toBe(409);
  expect(answer.body).toContain('Sign in to it as you did before');
  expect(sessionOf(answer)).toBe('');
});

test('an address that the issuer has not verified makes no account', async () => {
  for (const unverified of [{ email_verified: false }, { email: undefined }]) {
    const answer = await signIn({ ...somebody(), ...unverified } as Person);
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('does not vouch for your e-mail address');
  }
});

test('who declines at the issuer is told so where they can sign in', async () => {
  const answer = await signIn(null, `?returnTo=${encodeURIComponent(`${shortOrigin}/private`)}`);
  expect(answer.statusCode).toBe(403);
  expect(answer.body).toContain('You were not signed in by Test ID.');
  expect(answer.body).toContain(`value="${shortOrigin}/private"`);
  expect(sessionOf(answer)).toBe('');
});

test('an answer counts once, and only in the browser that asked for it', async () => {
  const { callback, cookie } = await visitIssuer(somebody(), await begin());
  const other = cookieOf(await begin());
  for (const kept of ['', other, `${cookie}x`]) {
    const answer = await anyone.get(callback, { cookie: kept });
    expect([answer.statusCode, sessionOf(answer)]).toEqual([400, '']);
  }
  const wrongState = callback.replace(/state=[^&]+/, 'state=another');
  expect((await anyone.get(wrongState, { cookie })).statusCode).toBe(400);

  const answer = await anyone.get(callback, { cookie });
  expect(answer.statusCode).toBe(303);
  expect([answer.headers['set-cookie']].flat()[0]).toMatch(/^shortstack_oidc=; Max-Age=0/);
  const replayed = await anyone.get(callback, { cookie });
  expect([replayed.statusCode, sessionOf(replayed)]).toEqual([401, '']);
  expect(replayed.body).toContain('is not valid (any more)');
});

test('an answer that comes too late is refused', async () => {
  const { callback, cookie } = await visitIssuer(somebody(), await begin());
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
  const answer = await anyone.get(callback, { cookie });
  expect([answer.statusCode, sessionOf(answer)]).toEqual([400, '']);
});

test('an issuer that is down says so, and stops nothing else', async () => {
  const answer = await anyone.get('/api/auth/oidc/down');
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
  expect(answer.body).toContain('Down ID can’t be reached at the moment');
  expect((await signIn(somebody())).statusCode).toBe(303);
  expect((await signUp(create)).email).toContain('@');
  expect((await anyone.get('/api/auth/oidc/nobody')).statusCode).toBe(404);
});

test('signing in with an issuer ends the session that the browser had', async () => {
  const before = await signUp(create);
  const { callback, cookie } = await visitIssuer(somebody(), await begin());
  await anyone.get(callback, { cookie: `${cookie}; ${before.headers.cookie}` });
  expect((await before.get('/api/auth/me')).statusCode).toBe(401);
});

test('an issuer is linked to an account, signs in to it, and is unlinked', async () => {
  const owner = await signUp(create);
  const person = somebody();
  const linked = await link(owner, person);
  expect([linked.statusCode, linked.headers.location]).toEqual([303, `${appOrigin}/account`]);
  expect((await who(await signIn(person))).email).toBe(owner.email);

  const { items, hasPassword, providers } = (await owner.get('/api/auth/identities')).json();
  expect(items).toEqual([expect.objectContaining({ name: 'Test ID', email: person.email })]);
  expect([hasPassword, providers.length]).toEqual([true, 2]);
  const path = `/api/auth/identities/${items[0].id}`;
  expect((await (await signUp(create)).delete(path)).statusCode).toBe(404);
  expect((await owner.delete(path)).statusCode).toBe(204);
  expect((await who(await signIn(person))).email).toBe(person.email);
});

test('nobody links an identity of another account, nor for somebody else', async () => {
  const taken = somebody();
  await signIn(taken);
  const owner = await signUp(create);
  for (const [person, finisher] of [
    [taken, owner],
    [somebody(), await signUp(create)],
  ] as const) {
    const answer = await link(owner, person, finisher);
    expect([answer.statusCode, answer.body.includes('Back to your account')]).toEqual([409, true]);
  }
  const foreign = { cookie: owner.headers.cookie ?? '', origin: 'https://evil.example' };
  const answer = await client(create, foreign).post('/api/auth/oidc/test/link');
  expect(answer.json().code).toBe('CSRF_REJECTED');
});

test('an account has ten identities', async () => {
  const owner = await signUp(create);
  await create.sql.query(
    `INSERT INTO identities (account_id, issuer, subject, email)
     SELECT accounts.id, 'https://elsewhere.test', format('%s-%s', accounts.id, number), email
     FROM accounts, generate_series(1, 10) AS number WHERE email = $1`,
    [owner.email],
  );
  const refused = await link(owner, somebody());
  expect([refused.statusCode, refused.body]).toEqual([
    409,
    expect.stringContaining('Unlink one of them first'),
  ]);
  const { items } = (await owner.get('/api/auth/identities')).json();
  expect(items).toHaveLength(10);
});

test('the only way into an account can not be taken away', async () => {
  const cookie = sessionOf(await signIn(somebody()));
  const owner = client(create, { cookie, origin: appOrigin });
  const { items } = (await owner.get('/api/auth/identities')).json();
  const answer = await owner.delete(`/api/auth/identities/${items[0].id}`);
  expect(answer.json().code).toBe('LAST_SIGN_IN');
});
