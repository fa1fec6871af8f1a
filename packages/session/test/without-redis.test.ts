import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connectRedis } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createSessionStore } from '../src/create-session-store.ts';
import { newSessionTag } from '../src/session-token.ts';
import { codec, data, limits, site, startSessions } from './session-fixture.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function signedIn() {
  const sessions = await startSessions();
  closers.push(sessions.close);
  const { store, admin } = sessions;
  const { token, session } = await store.create({ userId: 'u1', tag: newSessionTag(), data });
  const key = `session:{${session.tag}}:${session.id}`;
  // Due for a touch, so that every test also shows what a failing touch does.
  await admin.hset(key, 'lastSeenAt', session.createdAt.getTime() - 600_000);
  return { ...sessions, token, session, key };
}

/** What is reported from now until the test ends. */
function listen(): unknown[] {
  const messages: unknown[] = [];
  const onMessage = (message: unknown) => messages.push(message);
  subscribe('shortstack:session', onMessage);
  closers.push(async () => void unsubscribe('shortstack:session', onMessage));
  return messages;
}

/** Has the form of a code's secret, its challenge and its verifier. */
const verifier = 'v'.repeat(43);

const anOutage = { kind: 'unavailable', retryAfterSeconds: 1 };

describe('while Redis hangs', () => {
  test('nobody waits longer than 250 ms, then not at all; and afterwards everyone is still signed in', async () => {
    const { server, redis, store, token } = await signedIn();
    await server.suspend();
    try {
      for (let i = 0; i < 10; i++) {
        const begun = performance.now();
        await expect(store.read(token)).rejects.toMatchObject(anOutage);
        expect(performance.now() - begun).toBeLessThan(250);
      }
      expect(redis.breaker.state).not.toBe('closed');
    } finally {
      await server.resume();
    }
    const session = await until(() => store.read(token));
    expect(session).toMatchObject({ userId: 'u1' });
  });
});

describe('while Redis is gone', () => {
  test('every call is an outage, none says "not signed in"; a malformed token still is none', async () => {
    const { server, store, token, session } = await signedIn();
    await server.kill();
    const calls = [
      store.create({ userId: 'u1', tag: session.tag, data }),
      store.read(token),
      store.update(token, { role: 'admin' }),
      store.rotate(token),
      store.end(token),
      store.endById(session.tag, session.id),
      store.endAll(session.tag),
      store.list(session.tag),
      store.issueCode(token, { site, challenge: verifier }),
      store.redeemCode(`${session.tag}.${session.id}.${verifier}`, verifier),
    ];
    await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject(anOutage)));
    expect(await store.read('malformed')).toBeNull();
  });

  test('a Redis that comes back empty has no sessions', async () => {
    const { server, store, token } = await signedIn();
    await server.kill();
    await startTestRedis({ port: server.port });
    const answer = await until(async () => ({ session: await store.read(token) }));
    expect(answer).toEqual({ session: null });
    expect(await store.create({ userId: 'u1', tag: newSessionTag(), data })).toHaveProperty(
      'token',
    );
  });
});

test('while Redis loads its data, a session is neither found nor denied', async () => {
  const { admin, store, token } = await signedIn();
  await admin.call('DEBUG', 'POPULATE', '2000');
  await admin.config(
    'SET',
    'key-load-delay',
    '500',
    'loading-process-events-interval-bytes',
    '1024',
  );
  const loaded = admin.call('DEBUG', 'RELOAD');
  await until(() =>
    store.read(token).then(
      () => false,
      () => true,
    ),
  );
  await expect(store.read(token)).rejects.toMatchObject(anOutage);
  await loaded;
  expect(await until(() => store.read(token))).toMatchObject({ userId: 'u1' });
});

describe.each([
  ['read-only', ['REPLICAOF', '127.0.0.1', '1']],
  [
    'without the replicas that it needs for writing',
    ['CONFIG', 'SET', 'min-replicas-to-write', '1'],
  ],
])('while Redis is %s', (_state, [command = '', ...args]) => {
  test('sessions can be read and listed, and the touch is skipped', async () => {
    const { admin, redis, store, token, session, key } = await signedIn();
    await admin.call(command, ...args);
    const seen = await admin.hget(key, 'lastSeenAt');
    const reported = listen();
    for (let i = 0; i < 10; i++) expect(await store.read(token)).toMatchObject({ userId: 'u1' });
    expect(await store.list(session.tag)).toHaveLength(1);
    expect(await admin.hget(key, 'lastSeenAt')).toBe(seen);
    expect(redis.breaker.state).toBe('closed');
    expect(reported).toEqual([{ name: 'session.touch_failures', value: 1 }]);
  });

  test('every change is an outage', async () => {
    const { admin, store, token, session } = await signedIn();
    await admin.call(command, ...args);
    const calls = [
      store.create({ userId: 'u1', tag: session.tag, data }),
      store.update(token, { role: 'admin' }),
      store.rotate(token),
      store.end(token),
      store.endAll(session.tag),
      store.issueCode(token, { site, challenge: verifier }),
      store.redeemCode(`${session.tag}.${session.id}.${verifier}`, verifier),
    ];
    await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject(anOutage)));
    expect(await store.read(token)).not.toBeNull();
  });
});

test('a full Redis starts no session and leaves nothing behind, while those there are live on and can be ended', async () => {
  const { admin, store, token, session, key } = await signedIn();
  const keys = await admin.dbsize();
  await admin.config('SET', 'maxmemory', '1');
  await expect(store.create({ userId: 'u1', tag: newSessionTag(), data })).rejects.toMatchObject(
    anOutage,
  );
  await expect(store.update(token, { role: 'admin' })).rejects.toMatchObject(anOutage);
  await expect(store.issueCode(token, { site, challenge: verifier })).rejects.toMatchObject(
    anOutage,
  );
  expect(await admin.dbsize()).toBe(keys);

  expect(await store.read(token)).toMatchObject({ id: session.id });
  await until(
    async () => Number(await admin.hget(key, 'lastSeenAt')) >= session.createdAt.getTime(),
  );
  expect(await store.end(token)).toBe(true);
});

test('a service that may only read can still tell who is signed in', async () => {
  const { admin, server, token } = await signedIn();
  const permissions = ['~session:*', '+@read', '+@connection', '+info'];
  await admin.call('ACL', 'SETUSER', 'reader', 'on', '>pw', ...permissions);
  const url = `redis://reader:pw@127.0.0.1:${server.port}`;
  const reader = connectRedis({ url, name: 'session' });
  closers.push(() => reader.close());
  await reader.ready();
  const store = createSessionStore({ redis: reader, codec, ...limits });
  for (let i = 0; i < 5; i++) expect(await store.read(token)).toMatchObject({ userId: 'u1' });
  expect(reader.breaker.state).toBe('closed');
});
