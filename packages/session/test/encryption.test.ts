import { afterAll, afterEach, expect, test } from 'vitest';
import { createSessionStore } from '../src/create-session-store.ts';
import { newSessionTag } from '../src/session-token.ts';
import { codec, data, limits, startSessions } from './session-fixture.ts';

const { store: plain, redis, admin, close } = await startSessions();
afterAll(close);
afterEach(async () => {
  await admin.flushall();
});
const storeWith = (encryptionKeys: string) =>
  createSessionStore({ redis, codec, ...limits, encryptionKeys });
const [old, fresh] = [`old:${'o'.repeat(32)}`, `fresh:${'f'.repeat(32)}`];
const store = storeWith(old);
const signIn = (at = store) => at.create({ userId: 'user-1', tag: newSessionTag(), data });
const keyOf = ({ session }: { session: { tag: string; id: string } }) =>
  `session:{${session.tag}}:${session.id}`;

test('neither the user nor the data can be read in Redis, and the session works as ever', async () => {
  const made = await signIn();
  const stored = JSON.stringify(Object.values(await admin.hgetall(keyOf(made))));
  for (const secret of ['user-1', data.email, data.role]) expect(stored).not.toContain(secret);
  expect(await store.read(made.token)).toEqual(made.session);
  await Promise.all([
    store.update(made.token, { role: 'admin' }),
    store.update(made.token, { email: 'new@example.com' }),
  ]);
  const rotated = await store.rotate(made.token);
  expect(rotated?.session).toMatchObject({
    userId: 'user-1',
    data: { role: 'admin', email: 'new@example.com' },
  });
  expect(await store.list(made.session.tag)).toEqual([rotated?.session]);
});

test('a key is replaced while processes with the old and with the new ring run together', async () => {
  const [added, first, last] = [`${old},${fresh}`, `${fresh},${old}`, fresh].map(storeWith);
  if (!added || !first || !last) throw new Error('There are three rings.');
  for (const [one, other] of [
    [store, added],
    [added, first],
    [first, last],
  ] as const) {
    for (const [writer, reader] of [
      [one, other],
      [other, one],
    ] as const) {
      const { token, session } = await signIn(writer);
      expect(await reader.read(token)).toEqual(session);
      await writer.update(token, { role: 'admin' });
      expect((await reader.read(token))?.data.role).toBe('admin');
    }
  }
});

test('a session under an unknown key, or without encryption, is no session, and is reported', async () => {
  const made = await signIn();
  expect(await storeWith(fresh).read(made.token)).toBeNull();
  expect(await plain.read(made.token)).toBeNull();
  expect(await store.read((await signIn(plain)).token)).toBeNull();
  // It is still there for who has the key, and can be ended without it.
  expect(await store.read(made.token)).not.toBeNull();
  expect(await plain.end(made.token)).toBe(true);
});

test('nobody who can write to Redis gets another user’s role, or any that is not encrypted', async () => {
  const mine = await signIn();
  const boss = await signIn();
  await store.update(boss.token, { role: 'admin' });
  const sealed = (await admin.hget(keyOf(boss), 'sealed:data:role')) ?? '';

  await admin.hset(keyOf(mine), 'data:role', 'admin');
  expect((await store.read(mine.token))?.data.role).toBe('user');
  await admin.hset(keyOf(mine), 'sealed:data:email', sealed);
  expect(await store.read(mine.token)).toBeNull();
  await admin.hset(keyOf(mine), await admin.hgetall(keyOf(boss)));
  expect(await store.read(mine.token)).toBeNull();
});
