import { createHash, randomBytes } from 'node:crypto';
import { connectRedis } from '@shortstack/redis';
import { startTestTopology } from '@shortstack/testing';
import { afterAll, expect, test } from 'vitest';
import { createSessionStore } from '../src/create-session-store.ts';
import { newSessionTag } from '../src/session-token.ts';
import { codec, data, limits } from './session-fixture.ts';

const { connection } = await startTestTopology();
const redis = connectRedis({ ...connection, name: 'session' });
afterAll(() => redis.close());
await redis.ready();

const site = 'https://sho.rt';
const store = createSessionStore({ redis, codec, ...limits });
const elsewhere = createSessionStore({ redis, codec, ...limits, site });
const signIn = (tag = newSessionTag()) => store.create({ userId: 'u1', tag, data });
const keyOf = ({ tag, id }: { tag: string; id: string }) => `session:{${tag}}:${id}`;

test('a session can be read by every store and by nobody without its token', async () => {
  const { token, session } = await signIn();
  expect(await elsewhere.read(token)).toEqual(session);
  expect(await store.read(`${session.tag}.${session.id}`)).toBeNull();
  expect(await store.read('nonsense')).toBeNull();
});

test('every key has a TTL from the start', async () => {
  const { session } = await signIn();
  for (const key of [keyOf(session), `session:{${session.tag}}:index`]) {
    expect(await redis.client.pttl(key)).toBeGreaterThan(0);
  }
});

test('concurrent updates of different fields both survive and prolong nothing', async () => {
  const { token, session } = await signIn();
  await redis.client.pexpire(keyOf(session), 50_000);
  await Promise.all([
    store.update(token, { email: 'new@example.com' }),
    elsewhere.update(token, { role: 'admin' }),
  ]);
  expect((await store.read(token))?.data).toEqual({ email: 'new@example.com', role: 'admin' });
  expect(await redis.client.pttl(keyOf(session))).toBeLessThanOrEqual(50_000);
});

test('a rotated session keeps its data and TTL, and the old token stops working', async () => {
  const { token, session } = await signIn();
  await store.update(token, { role: 'admin' });
  const rotated = await store.rotate(token);
  expect(rotated?.session.data.role).toBe('admin');
  expect(await store.read(token)).toBeNull();
  expect(await store.read(rotated?.token ?? '')).toEqual(rotated?.session);
  expect((await store.list(session.tag)).map(({ id }) => id)).toEqual([rotated?.session.id]);
  expect(await redis.client.pttl(keyOf(rotated?.session ?? session))).toBeGreaterThan(3_500_000);
});

test('an ended session has ended for every store, and nothing revives it', async () => {
  const { token, session } = await signIn();
  expect(await elsewhere.end(token)).toBe(true);
  expect(await store.read(token)).toBeNull();
  expect(await store.update(token, { role: 'admin' })).toBe(false);
  expect(await store.rotate(token)).toBeNull();
  expect(await store.end(token)).toBe(false);
  expect(await redis.client.exists(keyOf(session))).toBe(0);
});

test('whatever was under way when a session ended does not revive it', async () => {
  const { token, session } = await signIn();
  await Promise.all([
    store.read(token),
    store.endAll(session.tag),
    elsewhere.update(token, { role: 'admin' }),
    store.rotate(token),
    elsewhere.read(token),
  ]);
  await redis.client.exists(keyOf(session));
  expect(await store.list(session.tag)).toEqual([]);
  expect(await redis.client.exists(keyOf(session))).toBe(0);
});

test('a user’s sessions are listed, and one is ended by its public id', async () => {
  const tag = newSessionTag();
  const [one, two] = [await signIn(tag), await signIn(tag)];
  const ids = (await store.list(tag)).map(({ id }) => id);
  expect(new Set(ids)).toEqual(new Set([one.session.id, two.session.id]));
  expect(await store.endById(newSessionTag(), one.session.id)).toBe(false);
  expect(await store.endById(tag, one.session.id)).toBe(true);
  expect((await store.list(tag)).map(({ id }) => id)).toEqual([two.session.id]);
});

test('signing out everywhere ends all of a user’s sessions and nobody else’s', async () => {
  const tag = newSessionTag();
  const mine = [await signIn(tag), await signIn(tag), await signIn(tag)];
  const other = await signIn();
  expect(await store.endAll(tag)).toBe(3);
  for (const { token } of mine) expect(await elsewhere.read(token)).toBeNull();
  expect(await store.read(other.token)).not.toBeNull();
});

test('a session that starts while all are being ended is either ended or still listed', async () => {
  const tag = newSessionTag();
  const [made] = await Promise.all([
    Promise.all([signIn(tag), signIn(tag), signIn(tag)]),
    store.endAll(tag),
    elsewhere.endAll(tag),
  ]);
  const listed = new Set((await store.list(tag)).map(({ id }) => id));
  for (const { token, session } of made) {
    expect((await store.read(token)) !== null).toBe(listed.has(session.id));
  }
});

test('however many sign in at once, no more sessions live than allowed', async () => {
  const tag = newSessionTag();
  const created = await Promise.all(Array.from({ length: 20 }, () => signIn(tag)));
  const alive = await Promise.all(created.map(({ token }) => store.read(token)));
  expect(alive.filter((session) => session !== null)).toHaveLength(5);
  expect(await redis.client.zcard(`session:{${tag}}:index`)).toBe(5);
});

test('using a session prolongs it', async () => {
  const { token, session } = await signIn();
  await redis.client.hset(keyOf(session), 'lastSeenAt', session.createdAt.getTime() - 600_000);
  await redis.client.pexpire(keyOf(session), 50_000);
  await store.read(token);
  await expect
    .poll(() => redis.client.pttl(keyOf(session)), { timeout: 2_000 })
    .toBeGreaterThan(3_500_000);
});

test('a session is handed over to another site once, and ends there with the session', async () => {
  const { token, session } = await signIn();
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const code = (await store.issueCode(token, { site, challenge })) ?? '';
  const attempts = [elsewhere.redeemCode(code, verifier), elsewhere.redeemCode(code, verifier)];
  const [redeemed, ...none] = (await Promise.all(attempts)).filter((each) => each !== null);
  expect(none).toEqual([]);
  expect(await elsewhere.read(redeemed?.token ?? '')).toEqual(session);
  expect(await store.read(redeemed?.token ?? '')).toBeNull();
  await store.endAll(session.tag);
  expect(await elsewhere.read(redeemed?.token ?? '')).toBeNull();
});

test('what is encrypted under one key is no session under another', async () => {
  const ring = (id: string) =>
    createSessionStore({ redis, codec, ...limits, encryptionKeys: `${id}:${id.repeat(32)}` });
  const { token, session } = await ring('a').create({ userId: 'u1', tag: newSessionTag(), data });
  expect(await ring('a').read(token)).toEqual(session);
  expect(await ring('b').read(token)).toBeNull();
  expect(JSON.stringify(await redis.client.hgetall(keyOf(session)))).not.toContain(data.email);
});
