import { expect, test } from 'vitest';
import { client, cookieOf, signUp } from './client.ts';
import { appOrigin, shortOrigin, startCreate } from './start-create.ts';

const create = await startCreate();
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: appOrigin };
const anyone = client(create);
const person = await signUp(create);
const privateLink = `${shortOrigin}/private`;

function signIn(fields: Record<string, string>, headers: Record<string, string> = form) {
  return create.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers,
    payload: new URLSearchParams(fields).toString(),
  });
}

test('a browser signs in with a form and is led back to the link that sent it', async () => {
  const page = await anyone.get(`/sign-in?returnTo=${encodeURIComponent(privateLink)}`);
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.body).toContain(`value="${privateLink}"`);

  const answer = await signIn({
    email: person.email,
    password: 'correct horse',
    returnTo: privateLink,
  });
  expect([answer.statusCode, answer.headers.location]).toEqual([303, privateLink]);
  const me = await client(create, { cookie: cookieOf(answer) }).get('/api/auth/me');
  expect(me.json().user.email).toBe(person.email);

  const again = await client(create, { cookie: cookieOf(answer) }).get(
    `/sign-in?returnTo=${encodeURIComponent(privateLink)}`,
  );
  expect([again.statusCode, again.headers.location]).toEqual([302, privateLink]);
});

test('on another site, which asks with a challenge, the session is handed over by a code', async () => {
  const challenge = 'c'.repeat(43);
  const asked = `/sign-in?returnTo=${encodeURIComponent(`${privateLink}?a=b`)}&challenge=${challenge}`;
  const page = await anyone.get(asked);
  expect(page.body).toContain(`name="challenge" value="${challenge}"`);

  const fields = { email: person.email, password: 'correct horse', challenge };
  const answer = await signIn({ ...fields, returnTo: `${privateLink}?a=b` });
  const again = await client(create, { cookie: cookieOf(answer) }).get(asked);
  for (const { headers } of [answer, again]) {
    const location = new URL(String(headers.location));
    expect(location.origin + location.pathname).toBe(`${shortOrigin}/.session`);
    expect(location.searchParams.get('returnTo')).toBe('/private?a=b');
    expect(location.searchParams.get('code')).toMatch(/^[\w-]{22}\.[\w-]{43}\.[\w-]{43}$/);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  }
  const home = await signIn({ ...fields, returnTo: appOrigin });
  expect(home.headers.location).toBe(`${appOrigin}/`);
  const odd = await signIn({ ...fields, challenge: '"><script>', returnTo: privateLink });
  expect(odd.headers.location).toBe(privateLink);
});

test('a wrong password shows the form again, and nobody is signed in', async () => {
  const answer = await signIn({ email: person.email, password: 'wrong', returnTo: privateLink });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.body).toContain('The address or the password is wrong.');
  expect(answer.body).toContain(`value="${privateLink}"`);
});

test('nobody is led to another site, and no text gets into the page unescaped', async () => {
  const answer = await signIn({
    email: person.email,
    password: 'correct horse',
    returnTo: 'https://evil.example/',
  });
  expect(new URL(String(answer.headers.location)).origin).toBe(appOrigin);
  const page = await anyone.get(
    `/sign-in?returnTo=${encodeURIComponent(`${shortOrigin}/"><script>`)}`,
  );
  expect(page.body).not.toContain('<script>');
});

test('another site can not sign its visitors in', async () => {
  const fields = { email: person.email, password: 'correct horse' };
  const answer = await signIn(fields, { ...form, origin: 'https://evil.example' });
  expect([answer.statusCode, answer.json().code]).toEqual([403, 'CSRF_REJECTED']);
});

test('whatever the form carries, it is shown again and nothing fails', async () => {
  for (const fields of [
    { email: '\0@example.com', password: 'x' },
    { email: person.email, password: '' },
    { email: 'not an address', password: 'x' },
    {},
  ]) {
    expect((await signIn(fields as Record<string, string>)).statusCode).toBe(400);
  }
  const json = await create.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { origin: appOrigin, 'content-type': 'application/json' },
    payload: '{"email":1,"password":1}',
  });
  expect(json.statusCode).toBe(415);
});
