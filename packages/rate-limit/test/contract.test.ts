import { connectRedis } from '@shortstack/redis';
import { startTestTopology } from '@shortstack/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { consumeAll } from '../src/consume-all.ts';
import { createRateLimiter } from '../src/create-rate-limiter.ts';
import type { RateLimitPolicy } from '../src/decision.ts';
import { limiterKey, redisKey } from '../src/limiter-key.ts';

const { connection } = await startTestTopology();
// Deadlines are another file's subject; a busy machine must not turn into an outage here.
const connections = Array.from({ length: 4 }, () =>
  connectRedis({ ...connection, name: 'hub', commandTimeoutMs: 5_000 }),
);
const redis = connections[0] as (typeof connections)[number];
await Promise.all(connections.map((each) => each.ready()));
afterAll(async () => {
  await Promise.all(connections.map((each) => each.close()));
});

let names = 0;
const newName = () => `limit-${names++}-${process.pid}`;
const log: RateLimitPolicy = { algorithm: 'slidingWindowLog', limit: 5, windowSeconds: 3_600 };
const policies: RateLimitPolicy[] = [
  log,
  { algorithm: 'fixedWindow', limit: 5, windowSeconds: 31 * 86_400 },
  { algorithm: 'slidingWindowCounter', limit: 5, windowSeconds: 3_600 },
  { algorithm: 'gcra', limit: 5, windowSeconds: 3_600 },
];

describe.each(policies)('$algorithm', (policy) => {
  test('processes that ask at the same time are admitted the limit between them', async () => {
    const name = newName();
    const limiters = connections.map((each) => createRateLimiter({ redis: each, name, policy }));
    const requests = Array.from({ length: 20 }, () => limiters).flat();
    const decisions = await Promise.all(requests.map((limiter) => limiter.consume('account')));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  test('a cost takes that many units, or none', async () => {
    const limiter = createRateLimiter({ redis, name: newName(), policy });
    expect(await limiter.consume('a', 3)).toMatchObject({ allowed: true, remaining: 2 });
    expect(await limiter.consume('a', 3)).toMatchObject({ allowed: false, remaining: 2 });
    expect(await limiter.consume('a', 2)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('a key expires by itself, at most two windows later', async () => {
    const name = newName();
    const limiter = createRateLimiter({ redis, name, policy, maxKeys: 0 });
    for (const cost of [1, 4, 1]) {
      await limiter.consume('a', cost);
      const ttlMs = await redis.client.pttl(redisKey(name, 'a'));
      expect(ttlMs).toBeGreaterThan(0);
      expect(ttlMs).toBeLessThanOrEqual(2_000 * policy.windowSeconds);
    }
  });

  test('a refused first request leaves nothing behind', async () => {
    const name = newName();
    const limiter = createRateLimiter({ redis, name, policy });
    expect((await limiter.consume('a', 6)).allowed).toBe(false);
    expect(await redis.client.exists(redisKey(name, 'a'))).toBe(0);
  });
});

test('limits and keys are counted apart', async () => {
  const [first, second] = [newName(), newName()].map((name) =>
    createRateLimiter({ redis, name, policy: log }),
  );
  await first?.consume('a', 5);
  expect((await first?.consume('a'))?.allowed).toBe(false);
  expect((await first?.consume('b'))?.allowed).toBe(true);
  expect((await second?.consume('a'))?.allowed).toBe(true);
});

test.each(['x'.repeat(100_000), '{a}', '*', 'a b\r\nc', '', 'é'])(
  'whatever a client sends as a key, the key in Redis is short and plain',
  async (sent) => {
    const name = newName();
    await createRateLimiter({ redis, name, policy: log }).consume(sent);
    const key = redisKey(name, limiterKey(sent));
    expect(key).toMatch(/^ratelimit:limit-[\d-]+:#[\w-]{43}$/);
    expect(await redis.client.exists(key)).toBe(1);
  },
);

test('a refused key is refused without a round trip until it may try again', async () => {
  let nowMs = 0;
  const limiter = createRateLimiter({ redis, name: newName(), policy: log, now: () => nowMs });
  await limiter.consume('account', 5);
  const refused = await limiter.consume('account');
  expect(refused).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 3_600 });

  nowMs = 600_000;
  for (let i = 0; i < 1_000; i++) {
    expect(await limiter.consume('account')).toMatchObject({ retryAfterSeconds: 3_000 });
  }
  expect(limiter.stats()).toMatchObject({ redis: 2, knownRefusals: 1_000, refused: 1_001 });

  nowMs = 3_600_000;
  await limiter.consume('account');
  expect(limiter.stats()).toMatchObject({ redis: 3, knownRefusals: 1_000 });
});

test('the refusals that a process remembers are bounded, and the newest stay', async () => {
  const limiter = createRateLimiter({ redis, name: newName(), policy: log, maxKeys: 2 });
  for (const key of ['a', 'b', 'c']) {
    await limiter.consume(key, 5);
    await limiter.consume(key);
  }
  expect(['a', 'b', 'c'].map((key) => limiter.knownRefusal(key) !== null)).toEqual([
    false,
    true,
    true,
  ]);
});

test('the refusal of a high cost does not stop a lower one', async () => {
  const limiter = createRateLimiter({ redis, name: newName(), policy: log });
  await limiter.consume('account', 3);
  expect((await limiter.consume('account', 3)).allowed).toBe(false);
  expect((await limiter.consume('account', 2)).allowed).toBe(true);
});

test('a refused address takes nothing from the account that it asks for', async () => {
  const address = createRateLimiter({ redis, name: newName(), policy: log });
  const account = createRateLimiter({ redis, name: newName(), policy: log });
  await address.consume('ip', 5);
  await address.consume('ip');
  for (let i = 0; i < 10; i++) {
    const decision = await consumeAll([
      [address, 'ip'],
      [account, 'victim'],
    ]);
    expect(decision).toMatchObject({ allowed: false, policy: { name: address.name } });
  }
  expect(await account.consume('victim')).toMatchObject({ allowed: true, remaining: 4 });
});

test('of several limits the one that refuses answers, and the other gets nothing back', async () => {
  const tight = createRateLimiter({ redis, name: newName(), policy: { ...log, limit: 1 } });
  const wide = createRateLimiter({ redis, name: newName(), policy: log });
  const both = () =>
    consumeAll([
      [wide, 'a'],
      [tight, 'a'],
    ]);
  expect((await both()).allowed).toBe(true);
  expect(await both()).toMatchObject({ allowed: false, policy: { name: tight.name } });
  expect(await wide.consume('a')).toMatchObject({ allowed: true, remaining: 2 });
});

test('switched off it admits everything and asks nobody', async () => {
  const name = newName();
  const limiter = createRateLimiter({ redis, name, policy: log, enabled: false });
  for (let i = 0; i < 10; i++) expect((await limiter.consume('a')).allowed).toBe(true);
  expect(await redis.client.exists(redisKey(name, 'a'))).toBe(0);
});
