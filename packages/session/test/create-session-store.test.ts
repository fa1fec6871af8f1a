import { until } from '@shortstack/testing';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createSessionStore } from '../src/create-session-store.ts';
import type { SessionStoreOptions } from '../src/session-store.ts';
import { newSessionTag, parseToken, sessionIndexKey, sessionKey } from '../src/session-token.ts';
import { codec, data, limits, startSessions } from './session-fixture.ts';

const { store, redis, admin, close } = await startSessions();
afterAll(close);
afterEach(async () => {
  await admin.flushall();
});

const signIn = (tag = newSessionTag()) => store.create({ userId: 'u1', tag, data });
/** Two parts of about the right length, with characters that have a meaning to Redis, to HTTP or to nobody. */
const part = fc.string({
  unit: fc.constantFrom('a', 'Z', '-', '.', '{', '}', ':', ' ', 'é', '\0'),
  maxLength: 50,
});
const almostTokens = fc.oneof(
  part,
  fc.tuple(part, part).map(([tag, secret]) => `${tag}.${secret}`),
  fc.constantFrom(
    '',
    '.',
    `${'a'.repeat(22)}.`,
    `${'a'.repeat(22)}.${'b'.repeat(44)}`,
    `\n${'a'.repeat(22)}.${'b'.repeat(43)}`,
  ),
);
const keyOf = (token: string) => {
  const address = parseToken(token);
  if (!address) throw new Error('Not a token');
  return sessionKey(address);
};

describe('create and read', () => {
  test('a session can be read by whoever holds its token', async () => {
    const tag = newSessionTag();
    const { token, session } = await signIn(tag);
    expect(session).toMatchObject({ tag, userId: 'u1', data });
    expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBe(3_600_000);
    expect(await store.read(token)).toEqual(session);
  });

  test('neither the secret nor the token is stored or can be told from the public id', async () => {
    const { token, session } = await signIn();
    const secret = token.split('.')[1] ?? '';
    const stored: unknown[] = [];
    for (const key of await admin.keys('*')) {
      stored.push(
        key,
        key.endsWith('index') ? await admin.zrevrange(key, 0, -1) : await admin.hgetall(key),
      );
    }
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(JSON.stringify(session)).not.toContain(secret);
    expect(await store.read(`${session.tag}.${session.id}`)).toBeNull();
  });

  test('a token of which any part was changed is no session', async () => {
    const { token } = await signIn();
    const other = await signIn();
    const [tag, secret] = token.split('.');
    const [otherTag, otherSecret] = other.token.split('.');
    for (const forged of [`${tag}.${otherSecret}`, `${otherTag}.${secret}`]) {
      expect(await store.read(forged)).toBeNull();
    }
  });

  test('what can’t be a token is answered without asking Redis', async () => {
    await admin.config('RESETSTAT');
    await fc.assert(
      fc.asyncProperty(almostTokens, async (text) => {
        expect(await store.read(text)).toBeNull();
        expect(await store.end(text)).toBe(false);
        expect(await store.update(text, { role: 'admin' })).toBe(false);
        expect(await store.rotate(text)).toBeNull();
        expect(await store.endById(text, text)).toBe(false);
        expect(await store.endAll(text)).toBe(0);
        expect(await store.list(text)).toEqual([]);
      }),
    );
    expect(await admin.info('commandstats')).not.toMatch(/cmdstat_(hgetall|evalsha):/);
  });

  test('a session whose data makes no sense is no session', async () => {
    const { token } = await signIn();
    await admin.hset(keyOf(token), 'data:role', 'emperor');
    expect(await store.read(token)).toBeNull();
  });

  test('a field that a newer version added is ignored by this one and kept', async () => {
    const { token } = await signIn();
    await admin.hset(keyOf(token), 'data:locale', 'de', 'futureField', '1');
    expect((await store.read(token))?.data).toEqual(data);
    await store.update(token, { role: 'admin' });
    expect(await admin.hget(keyOf(token), 'data:locale')).toBe('de');
  });
});

describe('lifetime', () => {
  test('every key has a TTL from the start', async () => {
    const { token, session } = await signIn();
    const ttlMs = await admin.pttl(keyOf(token));
    expect(ttlMs).toBeGreaterThan(3_590_000);
    expect(ttlMs).toBeLessThanOrEqual(3_600_000);
    expect(await admin.pttl(sessionIndexKey(session.tag))).toBeGreaterThan(86_390_000);
  });

  test('updating a session neither prolongs it nor makes it permanent', async () => {
    const { token } = await signIn();
    await admin.pexpire(keyOf(token), 50_000);
    await store.update(token, { role: 'admin' });
    const ttlMs = await admin.pttl(keyOf(token));
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(50_000);
  });

  test.each([
    { idleTtlSeconds: 0 },
    { idleTtlSeconds: 86_401 },
    { absoluteTtlSeconds: Number.NaN },
    { touchIntervalSeconds: 1_801 },
    { maxSessionsPerUser: 0 },
  ])('the limits %o are refused', (wrong: Partial<SessionStoreOptions<typeof data>>) => {
    expect(() => createSessionStore({ redis, codec, ...limits, ...wrong })).toThrow(RangeError);
  });
});

describe('update', () => {
  test('concurrent updates of different fields both survive', async () => {
    const { token } = await signIn();
    const [email, role] = await Promise.all([
      store.update(token, { email: 'new@example.com' }),
      store.update(token, { role: 'admin' }),
    ]);
    expect([email, role]).toEqual([true, true]);
    expect((await store.read(token))?.data).toEqual({ email: 'new@example.com', role: 'admin' });
  });

  test('an ended session is not revived', async () => {
    const { token } = await signIn();
    await store.end(token);
    expect(await store.update(token, { role: 'admin' })).toBe(false);
    expect(await admin.keys('*')).toEqual([]);
  });
});

describe('rotate', () => {
  test('the new token names the same session and the old one stops working', async () => {
    const { token, session } = await signIn();
    const rotated = await store.rotate(token);
    expect(rotated?.session).toEqual({ ...session, id: rotated?.session.id });
    expect(rotated?.session.id).not.toBe(session.id);
    expect(await store.read(token)).toBeNull();
    expect(await store.read(rotated?.token ?? '')).toEqual(rotated?.session);
    const indexed = await admin.zrevrange(sessionIndexKey(session.tag), 0, -1);
    expect(indexed).toEqual([rotated?.session.id]);
    expect(await admin.pttl(keyOf(rotated?.token ?? ''))).toBeGreaterThan(3_590_000);
  });

  test('of several concurrent rotations one wins', async () => {
    const { token, session } = await signIn();
    const results = await Promise.all(Array.from({ length: 5 }, () => store.rotate(token)));
    expect(results.filter((result) => result !== null)).toHaveLength(1);
    expect(await store.list(session.tag)).toHaveLength(1);
  });

  test('an ended session is not revived', async () => {
    const { token } = await signIn();
    await store.end(token);
    expect(await store.rotate(token)).toBeNull();
    expect(await admin.keys('*')).toEqual([]);
  });
});

describe('end', () => {
  test('an ended session is gone for every store at once', async () => {
    const elsewhere = createSessionStore({ redis, codec, ...limits });
    const { token } = await signIn();
    expect(await elsewhere.read(token)).not.toBeNull();
    expect(await store.end(token)).toBe(true);
    expect(await elsewhere.read(token)).toBeNull();
    expect(await store.end(token)).toBe(false);
  });

  test('a session can be ended by its public id, but only by its own user', async () => {
    const { token, session } = await signIn();
    expect(await store.endById(newSessionTag(), session.id)).toBe(false);
    expect(await store.read(token)).not.toBeNull();
    expect(await store.endById(session.tag, session.id)).toBe(true);
    expect(await store.read(token)).toBeNull();
    expect(await store.list(session.tag)).toEqual([]);
  });

  test('signing out everywhere ends all of a user’s sessions and nobody else’s', async () => {
    const tag = newSessionTag();
    const mine = [await signIn(tag), await signIn(tag), await signIn(tag)];
    const other = await signIn();
    expect(await store.endAll(tag)).toBe(3);
    for (const { token } of mine) expect(await store.read(token)).toBeNull();
    expect(await store.read(other.token)).not.toBeNull();
    expect(await store.endAll(tag)).toBe(0);
  });

  test('a request that was under way when its session ended does not revive it', async () => {
    const tag = newSessionTag();
    const { token } = await signIn(tag);
    await Promise.all([
      store.read(token),
      store.endAll(tag),
      store.update(token, { role: 'admin' }),
      store.read(token),
      store.rotate(token),
    ]);
    await redis.client.ping();
    expect(await admin.keys('*')).toEqual([]);
  });
});

describe('the index of a user’s sessions', () => {
  test('the list has the session that was used last first', async () => {
    const tag = newSessionTag();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { session } = await signIn(tag);
      await admin.zadd(sessionIndexKey(tag), Date.now() + 3_000_000 + i * 1_000, session.id);
      ids.unshift(session.id);
    }
    expect((await store.list(tag)).map(({ id }) => id)).toEqual(ids);
  });

  test('one session too many ends the one that would have expired first, never the new one', async () => {
    const tag = newSessionTag();
    const tokens: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { token, session } = await signIn(tag);
      await admin.zadd(sessionIndexKey(tag), 4_000_000_000_000 + i, session.id);
      tokens.push(token);
    }
    const { token } = await signIn(tag);
    const alive = await Promise.all(
      [...tokens, token].map(async (t) => (await store.read(t)) !== null),
    );
    expect(alive).toEqual([false, true, true, true, true, true]);
  });

  test('however many sign in at once, no more sessions live than allowed', async () => {
    const tag = newSessionTag();
    const created = await Promise.all(Array.from({ length: 30 }, () => signIn(tag)));
    const alive = await Promise.all(created.map(({ token }) => store.read(token)));
    expect(alive.filter((session) => session !== null)).toHaveLength(5);
    expect(await admin.zcard(sessionIndexKey(tag))).toBe(5);
  });

  test('expired sessions leave it at the next sign-in and never appear in the list', async () => {
    const tag = newSessionTag();
    const { token, session } = await signIn(tag);
    await admin.del(keyOf(token));
    await admin.zadd(sessionIndexKey(tag), Date.now() - 1, session.id);
    expect(await store.list(tag)).toEqual([]);
    const next = await signIn(tag);
    expect(await admin.zrevrange(sessionIndexKey(tag), 0, -1)).toEqual([next.session.id]);
  });
});

describe('touch', () => {
  /** As if the session had last been used that long ago. */
  async function age(token: string, seconds: number) {
    const lastSeenAt = Number(await admin.hget(keyOf(token), 'lastSeenAt')) - seconds * 1_000;
    await admin.hset(keyOf(token), { lastSeenAt });
    await admin.pexpire(keyOf(token), 100_000);
    return lastSeenAt;
  }
  const lastSeen = (token: string) => admin.hget(keyOf(token), 'lastSeenAt').then(Number);
  const touches = async () =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);

  test('reading prolongs a session that was not used for a while', async () => {
    const tag = newSessionTag();
    const { token, session } = await signIn(tag);
    const old = await age(token, 600);
    await store.read(token);
    await until(async () => (await lastSeen(token)) > old);
    expect(await admin.pttl(keyOf(token))).toBeGreaterThan(3_590_000);
    const score = Number(await admin.zscore(sessionIndexKey(tag), session.id));
    expect(score).toBeGreaterThan(Date.now() + 3_590_000);
  });

  test('a service that only prolongs writes nothing into the session, and the list shows what it saw', async () => {
    const reader = createSessionStore({ redis, codec, ...limits, prolongOnly: true });
    const tag = newSessionTag();
    const { token, session } = await signIn(tag);
    const old = await age(token, 600);
    await reader.read(token);
    await until(async () => (await admin.pttl(keyOf(token))) > 3_590_000);
    expect(await lastSeen(token)).toBe(old);
    const [listed] = await store.list(tag);
    expect(listed?.lastSeenAt.getTime()).toBeGreaterThanOrEqual(session.createdAt.getTime());
    expect(listed?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 3_590_000);
  });

  test('a service that only prolongs does not reach past the absolute end, nor revive', async () => {
    const reader = createSessionStore({ redis, codec, ...limits, prolongOnly: true });
    const { token } = await signIn();
    await admin.hset(keyOf(token), 'expiresAt', Date.now() + 500_000);
    await admin.pexpire(keyOf(token), 1_000);
    await reader.read(token);
    await until(async () => (await admin.pttl(keyOf(token))) > 400_000);
    expect(await admin.pttl(keyOf(token))).toBeLessThanOrEqual(500_000);
    await store.end(token);
    expect(await reader.read(token)).toBeNull();
    expect(await admin.exists(keyOf(token))).toBe(0);
  });

  test('a session is asked about once per interval and process, and written only if it is due', async () => {
    let nowMs = 0;
    const own = createSessionStore({ redis, codec, ...limits, now: () => nowMs });
    const { token } = await own.create({ userId: 'u1', tag: newSessionTag(), data });
    const created = await lastSeen(token);
    const before = await touches();
    for (let i = 0; i < 20; i++) await own.read(token);
    await redis.client.ping();
    expect(await touches()).toBe(before + 1);
    nowMs = 60_000;
    await own.read(token);
    await redis.client.ping();
    expect(await touches()).toBe(before + 2);
    expect(await lastSeen(token)).toBe(created);
  });

  test('a session that is used all the time still ends at its absolute end', async () => {
    const { token } = await signIn();
    await age(token, 600);
    const end = Date.now() + 30_000;
    await admin.hset(keyOf(token), 'expiresAt', end);
    const session = await store.read(token);
    expect(session?.expiresAt.getTime()).toBeLessThanOrEqual(end);
    await until(async () => (await admin.pttl(keyOf(token))) <= 30_000);
    expect(await admin.pttl(keyOf(token))).toBeGreaterThan(0);
  });

  test('a session past its absolute end is ended, not made permanent', async () => {
    const tag = newSessionTag();
    const { token } = await signIn(tag);
    await age(token, 600);
    await admin.hset(keyOf(token), 'expiresAt', Date.now() - 1);
    await store.read(token);
    await until(async () => (await admin.exists(keyOf(token))) === 0);
    expect(await admin.zcard(sessionIndexKey(tag))).toBe(0);
  });
});
