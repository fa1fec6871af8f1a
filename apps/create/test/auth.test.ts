import { expect, test } from 'vitest';
import { client, cookieOf, signUp } from './client.ts';
import { appOrigin, startCreate } from './start-create.ts';

const create = await startCreate();
const anyone = client(create);
const password = 'correct horse';

test('registering signs in with a cookie that scripts can not read', async () => {
  const registered = await anyone.post('/api/auth/register', {
    email: 'Ada@Example.com',
    password,
    name: ' Ada ',
  });
  expect(registered.statusCode).toBe(201);
  expect(registered.json()).toEqual({
    user: { id: expect.any(String), email: 'ada@example.com', name: 'Ada', role: 'user' },
  });
  expect(registered.headers['set-cookie']).toMatch(
    /^shortstack_session=[^;]+;.*Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const me = await client(create, { cookie: cookieOf(registered) }).get('/api/auth/me');
  expect(me.json()).toEqual({
    user: registered.json().user,
    session: {
      id: expect.any(String),
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
    },
  });
});

test('behind TLS the cookie is Secure and bound to its host', async () => {
  const secure = await startCreate({ APP_ORIGIN: 'https://app.test' });
  const answer = await client(secure).post('/api/auth/register', {
    email: 'tls@example.com',
    password,
  });
  expect(answer.headers['set-cookie']).toMatch(/^__Host-shortstack_session=.*; Secure$/);
});

test('one address is one account, in any case of letters', async () => {
  const { email } = await signUp(create);
  const again = await anyone.post('/api/auth/register', { email: email.toUpperCase(), password });
  expect(again.statusCode).toBe(409);
  expect(again.json().code).toBe('EMAIL_TAKEN');
});

test('a password is stored as argon2id and nowhere as itself', async () => {
  const { email } = await signUp(create);
  const { rows } = await create.sql.query('SELECT * FROM accounts WHERE email = $1', [email]);
  expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(JSON.stringify(rows)).not.toContain(password);
});

test('signing in gives a fresh session and ends the one that the browser had', async () => {
  const person = await signUp(create);
  const login = await person.post('/api/auth/login', { email: person.email, password });
  expect(login.statusCode).toBe(200);
  expect(cookieOf(login)).not.toBe(person.headers.cookie);
  expect((await person.get('/api/auth/me')).statusCode).toBe(401);
  const fresh = client(create, { cookie: cookieOf(login) });
  expect((await fresh.get('/api/auth/me')).statusCode).toBe(200);
});

test('a wrong password and an unknown address get the same answer', async () => {
  const { email } = await signUp(create);
  const wrong = await anyone.post('/api/auth/login', { email, password: 'wrong' });
  const unknown = await anyone.post('/api/auth/login', { email: 'nobody@example.com', password });
  for (const answer of [wrong, unknown]) {
    expect(answer.statusCode).toBe(401);
    expect({ ...answer.json(), requestId: '' }).toEqual({ ...wrong.json(), requestId: '' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  }
  expect(wrong.json().code).toBe('INVALID_CREDENTIALS');
});

test('signing out ends the session and takes the cookie away', async () => {
  const person = await signUp(create);
  const out = await person.post('/api/auth/logout');
  expect(out.statusCode).toBe(204);
  expect(out.headers['set-cookie']).toMatch(/^shortstack_session=; Max-Age=0/);
  expect((await person.get('/api/auth/me')).statusCode).toBe(401);
  expect((await anyone.post('/api/auth/logout')).statusCode).toBe(204);
});

test('a user sees their sessions, ends one, and ends all', async () => {
  const person = await signUp(create);
  const { email } = person;
  const other = client(create, {
    cookie: cookieOf(await anyone.post('/api/auth/login', { email, password })),
    origin: appOrigin,
  });
  const { items } = (await person.get('/api/auth/sessions')).json();
  expect(items).toHaveLength(2);
  expect(JSON.stringify(items)).not.toContain(String(person.headers.cookie).split('.')[1]);

  const otherId = items.find((item: { isCurrent: boolean }) => !item.isCurrent).id;
  expect((await person.delete(`/api/auth/sessions/${otherId}`)).statusCode).toBe(204);
  expect((await other.get('/api/auth/me')).statusCode).toBe(401);
  expect((await person.delete(`/api/auth/sessions/${otherId}`)).json().code).toBe(
    'SESSION_NOT_FOUND',
  );

  expect((await person.delete('/api/auth/sessions')).statusCode).toBe(204);
  expect((await person.get('/api/auth/me')).statusCode).toBe(401);
});

test('a user sees where each session was begun, as far as the browser said', async () => {
  const { email } = await signUp(create);
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0';
  const login = await anyone.post('/api/auth/login', { email, password }, { 'user-agent': agent });
  const there = client(create, { cookie: cookieOf(login), origin: appOrigin });
  const { items } = (await there.get('/api/auth/sessions')).json();
  expect(items.map(({ device }: { device: string | null }) => device).sort()).toEqual([
    'Firefox on Linux',
    null,
  ]);
});

test('nobody can end the session of another user', async () => {
  const [mine, theirs] = [await signUp(create), await signUp(create)];
  const { id } = (await theirs.get('/api/auth/me')).json().session;
  expect((await mine.delete(`/api/auth/sessions/${id}`)).statusCode).toBe(404);
  expect((await theirs.get('/api/auth/me')).statusCode).toBe(200);
});

test('a write with the cookie must come from our own origin', async () => {
  const { headers } = await signUp(create);
  const cookie = headers.cookie ?? '';
  const link = { url: 'https://example.com/' };
  const from = (more: Record<string, string>) =>
    client(create, { cookie, ...more }).post('/api/links', link);
  for (const more of [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: `${appOrigin}.evil.example`, 'sec-fetch-site': 'same-site' },
  ]) {
    const answer = await from(more);
    expect(answer.statusCode).toBe(403);
    expect(answer.json().code).toBe('CSRF_REJECTED');
  }
  expect((await from({ origin: appOrigin })).statusCode).toBe(201);
  expect((await from({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(201);
});

test('a page of another site can not sign its visitor in', async () => {
  const { email } = await signUp(create);
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const answer = await anyone.post('/api/auth/login', { email, password }, foreign);
  expect(answer.json().code).toBe('CSRF_REJECTED');
});

test('without a cookie, or with one that can not be a session, the answer is 401', async () => {
  for (const cookie of ['', 'shortstack_session=', 'shortstack_session=a.b', 'other=1']) {
    const answer = await client(create, { cookie }).get('/api/auth/me');
    expect(answer.statusCode).toBe(401);
    expect(answer.json().code).toBe('UNAUTHENTICATED');
  }
});
