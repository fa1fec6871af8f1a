import { createFaultProxy, startTestRedis, until } from '@shortstack/testing';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { client, cookieOf, signUp } from './client.ts';
import { openLive } from './open-live.ts';
import { appOrigin, type RunningCreate, startCreate } from './start-create.ts';

const one = await startCreate();
const other = await startCreate(
  { REDIS_SESSION_URL: one.redis.session, INSTANCE_ID: 'other' },
  one.database,
);

const lookOn = async (create: RunningCreate, { headers }: { headers: Record<string, string> }) => {
  const stream = await openLive(`${create.url}/api/auth/live`, headers);
  await until(() => stream.sent().includes('retry'));
  return stream;
};
/** The same person, signed in once more. */
async function again({ email }: { email: string }) {
  const login = { email, password: 'correct horse' };
  const answer = await client(one).post('/api/auth/login', login);
  return client(one, { cookie: cookieOf(answer), origin: appOrigin });
}
const withinASecond = { deadlineMs: 1_000 };

test('who signs out at one instance is signed out in pages that look at another, within a second', async () => {
  const person = await signUp(one);
  const second = await again(person);
  const [page, secondPage] = [await lookOn(other, person), await lookOn(other, second)];
  await person.post('/api/auth/logout');
  await until(() => !page.isOpen, withinASecond);
  expect(page.events).toEqual(['ended {}']);
  expect(secondPage.isOpen).toBe(true);
  expect((await openLive(`${other.url}/api/auth/live`, person.headers)).status).toBe(401);
});

test('so is every browser after “sign out everywhere”, and one that is ended from another', async () => {
  const person = await signUp(one);
  const [second, third] = [await again(person), await again(person)];
  const pages = await Promise.all([person, second, third].map((who) => lookOn(other, who)));
  const { id } = (await third.get('/api/auth/me')).json().session;
  await person.delete(`/api/auth/sessions/${id}`);
  await until(() => !pages[2]?.isOpen, withinASecond);
  expect(pages[0]?.isOpen).toBe(true);
  await second.delete('/api/auth/sessions');
  await until(() => pages.every((page) => !page.isOpen), withinASecond);
  for (const page of pages) expect(page.events).toEqual(['ended {}']);
});

test('also while the hub is dead', async () => {
  const hub = await startTestRedis();
  const sessions = { REDIS_SESSION_URL: one.redis.session, REDIS_HUB_URL: hub.url };
  const third = await startCreate(sessions, one.database);
  const person = await signUp(one);
  await hub.stop();
  const page = await lookOn(third, person);
  await person.post('/api/auth/logout');
  await until(() => !page.isOpen, withinASecond);
  expect(page.events).toEqual(['ended {}']);
});

test('where the channel is broken, sessions are looked at each second, and ending them works', async () => {
  const session = await startTestRedis();
  const create = await startCreate({ REDIS_SESSION_URL: session.url }, one.database);
  const admin = new Redis(session.url);
  onTestFinished(() => admin.disconnect());
  await admin.acl('SETUSER', 'default', 'resetchannels');
  const person = await signUp(create);
  const page = await lookOn(create, person);
  expect((await person.post('/api/auth/logout')).statusCode).toBe(204);
  // One look may just have begun.
  await until(() => !page.isOpen, { deadlineMs: 2_100 });
  expect(page.events).toEqual(['ended {}']);
});

test('an outage of the session Redis signs nobody out; who was signed out meanwhile learns it afterwards', async () => {
  const server = await startTestRedis();
  const proxy = await createFaultProxy({ targetPort: server.port });
  const behind = server.url.replace(`:${server.port}`, `:${proxy.port}`);
  const cut = await startCreate({ REDIS_SESSION_URL: behind }, one.database);
  const direct = await startCreate({ REDIS_SESSION_URL: server.url }, one.database);
  const [person, stays] = [await signUp(direct), await signUp(direct)];
  const [page, staying] = [await lookOn(cut, person), await lookOn(cut, stays)];
  await proxy.cut();
  await person.post('/api/auth/logout');
  await until(
    async () => (await client(cut, person.headers).get('/api/auth/me')).statusCode === 503,
  );
  expect([page.isOpen, staying.isOpen]).toEqual([true, true]);
  await proxy.heal();
  await until(() => !page.isOpen);
  expect(staying.isOpen).toBe(true);
});

test('without a session there is nothing to look at, and one account has fifty pages', async () => {
  expect((await openLive(`${one.url}/api/auth/live`, {})).status).toBe(401);
  const person = await signUp(one);
  const pages = [];
  for (let n = 0; n < 50; n += 1) pages.push(await lookOn(one, person));
  expect((await openLive(`${one.url}/api/auth/live`, person.headers)).status).toBe(429);
  pages[0]?.close();
  await until(
    async () => (await openLive(`${one.url}/api/auth/live`, person.headers)).status === 200,
  );
});
