import { expect, test } from 'vitest';
import { client, cookieOf, signUp } from './client.ts';
import { appOrigin, startCreate } from './start-create.ts';

const create = await startCreate();
const anyone = client(create);
const password = 'correct horse';

test('registering signs in with a cookie that scripts can not read', async () => {
  const answer = await anyone.post('/api/auth/register', {
    email: '  Ada@Example.com ',
    password,
    name: 'Ada',
  });
  expect(answer.statusCode).toBe(400);
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
    /^shortstack_session=[^;]+;.*HttpOnly; SameSite=Lax/,
  );
  const me = await client(create, { cookie: cookieOf(registered) }).get('/api/auth/me');
  expect(me.json()).toMatchObject({
    user: registered.json().user,
    session: { id: expect.any(String) },
  });
});
