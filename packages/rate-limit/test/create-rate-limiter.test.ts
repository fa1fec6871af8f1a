import { connectRedis } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { consumeAll } from '../src/consume-all.ts';
import { createRateLimiter } from '../src/create-rate-limiter.ts';
import type { RateLimitPolicy } from '../src/decision.ts';

const server = await startTestRedis();
// Deadlines are another file's subject; a busy machine must not turn into an outage here.
const connections = Array.from({ length: 4 }, () =>
  connectRedis({ url: server.url, name: 'hub', commandTimeoutMs: 5_000 }),
);
const redis = connections[0] as (typeof connections)[number];
await Promise.all(connections.map((connection) => connection.ready()));
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
});

let names = 0;
const newName = () => `limit-${names++}`;
const policies: RateLimitPolicy[] = [
  { algorithm: 'slidingWindowLog', limit: 5, windowSeconds: 60 },
  { algorithm: 'slidingWindowCounter', limit: 5, windowSeconds: 60 },
  { algorithm: 'gcra', limit: 5, windowSeconds: 60 },
];
const log = policies[0] as RateLimitPolicy;

describe.each(policies)('$algorithm', (policy) => {
  test('four processes that ask at the same time are admitted the limit between them', async () => {
    const name = newName();
    const limiters = connections.map((connection) =>
      createRateLimiter({ redis: connection, name, policy }),
    );
    const requests = Array.from({ length: 20 }, () => limiters).flat();
    const decisions = await Promise.all(requests.map((limiter) => limiter.consume('account')));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
  });

  test('every key expires by itself, at most two windows later', async () => {
    const name = newName();
    const limiter = createRateLimiter({ redis, name, policy });
    await limiter.consume('a');
    await limiter.consume('b', 5);
    await limiter.consume('b', 6);
    const keys = await redis.client.keys(`ratelimit:${name}:*`);
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      const ttlMs = await redis.client.pttl(key);
      expect(ttlMs).toBeGreaterThan(0);
      expect(ttlMs).toBeLessThanOrEqual(120_000);
    }
  });
});

test('no stretch of one window admits more than the limit, on real clocks', async () => {
  const policy: RateLimitPolicy = { algorithm: 'slidingWindowLog', limit: 10, windowSeconds: 1 };
  const name = newName();
  const admissions: { sentAt: number; answeredAt: number }[] = [];
  await Promise.all(
    connections.map(async (connection) => {
      const limiter = createRateLimiter({ redis: connection, name, policy, maxKeys: 0 });
      while (admissions.length < 25) {
        const sentAt = performance.now();
        const { allowed } = await limiter.consume('account');
        if (allowed) admissions.push({ sentAt, answeredAt: performance.now() });
      }
    }),
  );
  admissions.sort((a, b) => a.answeredAt - b.answeredAt);
  const spans = admissions
    .slice(policy.limit)
    .map(({ answeredAt }, i) => answeredAt - (admissions[i]?.sentAt ?? 0));
  // Redis counts in whole milliseconds, so a window may be one shorter.
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(999);
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

test('whatever a client sends as a key, the key in Redis is short and plain', async () => {
  const name = newName();
  const limiter = createRateLimiter({ redis, name, policy: log });
  for (const key of ['x'.repeat(100_000), '{a}', '*', 'a b\r\nc']) await limiter.consume(key);
  const keys = await redis.client.keys(`ratelimit:${name}:*`);
  expect(keys).toHaveLength(4);
  for (const key of keys) expect(key).toMatch(/^ratelimit:limit-\d+:#[\w-]{43}$/);
});

test('a refused key is refused without a round trip until it may try again', async () => {
  let nowMs = 0;
  const limiter = createRateLimiter({ redis, name: newName(), policy: log, now: () => nowMs });
  await limiter.consume('account', 5);
  const refused = await limiter.consume('account');
  expect(refused).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 60 });

  nowMs = 20_000;
  expect(await limiter.consume('account')).toMatchObject({ allowed: false, retryAfterSeconds: 40 });
  expect(limiter.stats()).toMatchObject({ redis: 2, knownRefusals: 1, refused: 2 });

  nowMs = 60_000;
  await limiter.consume('account');
  expect(limiter.stats()).toMatchObject({ redis: 3, knownRefusals: 1 });
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

test('switched off it admits everything and asks nobody', async () => {
  const name = newName();
  const limiter = createRateLimiter({ redis, name, policy: log, enabled: false });
  for (let i = 0; i < 10; i++) expect((await limiter.consume('a')).allowed).toBe(true);
  expect(await redis.client.keys(`ratelimit:${name}:*`)).toEqual([]);
});
