import { expect, test } from 'vitest';
import { client, cookieOf, signUp } from './client.ts';
import { appOrigin, shortOrigin, startCreate } from './start-create.ts';

const create = await startCreate();
const anyone = client(create);
const challenge = 'c'.repeat(43);
const privateLink = `${shortOrigin}/private`;

function register(fields: Record<string, string>, origin = appOrigin) {
  return create.app.inject({
    method: 'POST',
    url: '/register',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
    payload: new URLSearchParams(fields).toString(),
  });
}

test('a browser makes an account with a form and is led to where it came from, signed in', async () => {
  const asked = `?returnTo=${encodeURIComponent(privateLink)}&challenge=${challenge}`;
  const signIn = (await anyone.get(`/sign-in${asked}`)).body;
  const [, link = ''] = /href="(\/register[^"]*)"/.exec(signIn) ?? [];
  const page = await anyone.get(link.replaceAll('&amp;', '&'));
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain(`name="returnTo" value="${privateLink}"`);

  const email = 'new@example.com';
  const fields = { email, name: 'Ada', password: 'correct horse', challenge };
  const answer = await register({ ...fields, returnTo: privateLink });
  expect(answer.statusCode).toBe(303);
  expect(String(answer.headers.location)).toContain(`${shortOrigin}/.session?code=`);
  const me = await anyone.get('/api/auth/me', { cookie: cookieOf(answer) });
  expect(me.json().user).toMatchObject({ email, name: 'Ada' });
  const again = await anyone.get('/register', { cookie: cookieOf(answer) });
  expect([again.statusCode, again.headers.location]).toEqual([302, `${appOrigin}/`]);
});

test('what is wrong is told at its field, and what was typed stays, but for the password', async () => {
  const answer = await register({ email: 'ada@', name: 'A<b>da', password: 'short' });
  expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([400, undefined]);
  expect(answer.body).toContain('value="ada@"');
  expect(answer.body).toContain('value="A&lt;b&gt;da"');
  expect(answer.body).not.toContain('short"');
  for (const field of ['email', 'password']) {
    expect(answer.body).toMatch(new RegExp(`name="${field}"[^>]*aria-invalid="true"`));
  }
  const { email } = await signUp(create);
  const taken = await register({ email, password: 'correct horse' });
  expect(taken.statusCode).toBe(409);
  expect(taken.body).toContain('There is an account with this address already.');
  for (const odd of [{ name: '\0', email: 'x@example.com', password: 'correct horse' }, {}]) {
    expect((await register(odd as Record<string, string>)).statusCode).toBe(400);
  }
});

test('during maintenance the page says so, and what was typed stays', async () => {
  await create.sql.query(
    `INSERT INTO runtime_settings (settings, updated_by) VALUES ('{"maintenance": true}', 'test')`,
  );
  const paused = await startCreate({}, create.database);
  const answer = await paused.app.inject({
    method: 'POST',
    url: '/register',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: appOrigin },
    payload: 'email=later%40example.com&password=correct+horse',
  });
  const { 'content-type': type, 'retry-after': seconds } = answer.headers;
  expect([answer.statusCode, seconds, type]).toEqual([
    503,
    expect.stringMatching(/^\d+$/),
    'text/html; charset=utf-8',
  ]);
  expect(answer.body).toContain('value="later@example.com"');
  await create.sql.query('DELETE FROM runtime_settings');
});

test('another site can not register its visitors', async () => {
  const fields = { email: 'evil@example.com', password: 'correct horse' };
  expect((await register(fields, 'https://evil.example')).statusCode).toBe(403);
});

test('pages are small and tell their language, their one heading and every field’s name', async () => {
  for (const answer of [
    await anyone.get('/sign-in'),
    await anyone.get('/register'),
    await register({ email: 'x', password: 'x' }),
  ]) {
    expect(Buffer.byteLength(answer.body)).toBeLessThan(20_480);
    expect(answer.body).toContain('<html lang="en">');
    expect(answer.body.match(/<h1>/g)).toHaveLength(1);
    expect(answer.body).not.toContain('<script');
    const inputs = answer.body.match(/<input type="(?!hidden)/g) ?? [];
    expect(answer.body.match(/<label>[^<]+<input/g)).toHaveLength(inputs.length);
  }
});
