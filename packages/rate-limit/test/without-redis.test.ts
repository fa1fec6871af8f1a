import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connectRedis } from '@shortstack/redis';
import { startTestRedis, until } from '@shortstack/testing';
import { afterEach, expect, test } from 'vitest';
import { createRateLimiter, type RateLimiterOptions } from '../src/create-rate-limiter.ts';

const policy = { algorithm: 'slidingWindowLog', limit: 3, windowSeconds: 60 } as const;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(options: Partial<RateLimiterOptions> = {}) {
  const server = await startTestRedis({ settings: { 'enable-debug-command': 'yes' } });
  const redis = connectRedis({ url: server.url, name: 'hub' });
  const admin = connectRedis({ url: server.url, name: 'admin', commandTimeoutMs: 10_000 });
  closers.push(
    () => server.stop(),
    () => redis.close(),
    () => admin.close(),
  );
  await Promise.all([redis.ready(), admin.ready()]);
  const limiter = createRateLimiter({ redis, name: 'login', policy, ...options });
  return { server, redis, admin: admin.client, limiter };
}

/** Asks so often that the limit must have been reached. */
async function admittedOf(limiter: ReturnType<typeof createRateLimiter>, key: string) {
  let admitted = 0;
  for (let i = 0; i < 10; i++) if ((await limiter.consume(key)).allowed) admitted += 1;
  return admitted;
}

test('while Redis hangs, no request waits longer than 250 ms, then none at all, and the limit holds here', async () => {
  const { server, redis, limiter } = await setUp();
  await server.suspend();
  try {
    let admitted = 0;
    for (let i = 0; i < 10; i++) {
      const begun = performance.now();
      if ((await limiter.consume('account')).allowed) admitted += 1;
      expect(performance.now() - begun).toBeLessThan(250);
    }
    expect(admitted).toBe(3);
    expect(redis.breaker.state).not.toBe('closed');
    expect(limiter.stats()).toMatchObject({ redis: 0, memory: 4, unavailable: 4 });
  } finally {
    await server.resume();
  }
  await until(async () => {
    await limiter.consume(`probe-${Math.random()}`);
    return limiter.stats().redis > 0;
  });
});

test('while Redis is gone, this process counts alone; once it is back, Redis counts again', async () => {
  const { server, limiter } = await setUp();
  await limiter.consume('before');
  await server.kill();
  expect(await admittedOf(limiter, 'during')).toBe(3);

  await startTestRedis({ port: server.port });
  const asked = limiter.stats().redis;
  await until(async () => {
    await limiter.consume(`probe-${Math.random()}`);
    return limiter.stats().redis > asked;
  });
  expect(await admittedOf(limiter, 'after')).toBe(3);
});

test('counting alone and refusing are reported', async () => {
  const messages: unknown[] = [];
  const onMessage = (message: unknown) => messages.push(message);
  subscribe('shortstack:rate-limit', onMessage);
  closers.push(async () => void unsubscribe('shortstack:rate-limit', onMessage));
  const { server, limiter } = await setUp();
  await limiter.consume('account', 3);
  await limiter.consume('account');
  await server.kill();
  await limiter.consume('other');
  expect(messages).toEqual([
    { name: 'rate_limit.refused', value: 1, attributes: { policy: 'login' } },
    { name: 'rate_limit.unavailable', value: 1, attributes: { policy: 'login', answer: 'memory' } },
  ]);
});

test('told to allow, it admits everything while Redis is gone', async () => {
  const { server, limiter } = await setUp({ onUnavailable: 'allow' });
  await server.kill();
  expect(await admittedOf(limiter, 'account')).toBe(10);
});

test('told to deny, it answers that it is unavailable while Redis is gone', async () => {
  const { server, limiter } = await setUp({ onUnavailable: 'deny' });
  await server.kill();
  await expect(limiter.consume('account')).rejects.toMatchObject({ kind: 'unavailable' });
});

test.each([
  ['read-only', ['REPLICAOF', '127.0.0.1', '1']],
  ['full', ['CONFIG', 'SET', 'maxmemory', '1']],
  ['without replicas that it needs for writing', ['CONFIG', 'SET', 'min-replicas-to-write', '1']],
])('while Redis is %s, this process counts alone', async (_state, [command = '', ...args]) => {
  const { admin, limiter } = await setUp();
  await admin.call(command, ...args);
  expect(await admittedOf(limiter, 'account')).toBe(3);
  expect(limiter.stats()).toMatchObject({ redis: 0, memory: 4 });
});

test('told to deny, a read-only Redis is an outage too', async () => {
  const { admin, limiter } = await setUp({ onUnavailable: 'deny' });
  await admin.call('REPLICAOF', '127.0.0.1', '1');
  await expect(limiter.consume('account')).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'RATE_LIMIT_UNAVAILABLE',
  });
});

test('while Redis loads its data, this process counts alone', async () => {
  const { admin, limiter } = await setUp();
  await admin.call('DEBUG', 'POPULATE', '2000');
  await admin.config(
    'SET',
    'key-load-delay',
    '500',
    'loading-process-events-interval-bytes',
    '1024',
  );
  const loaded = admin.call('DEBUG', 'RELOAD');
  await until(async () => {
    await limiter.consume(`probe-${Math.random()}`);
    return limiter.stats().unavailable > 0;
  });
  expect(await admittedOf(limiter, 'account')).toBe(3);
  await loaded;
});

test('a Redis that lost everything, scripts included, counts anew', async () => {
  const { admin, limiter } = await setUp({ maxKeys: 0 });
  expect(await admittedOf(limiter, 'account')).toBe(3);
  await admin.flushall();
  await admin.script('FLUSH');
  expect(await admittedOf(limiter, 'account')).toBe(3);
  expect(limiter.stats().unavailable).toBe(0);
});
