import { expect, test } from 'vitest';
import { createLocalRateLimiter } from './create-local-rate-limiter.ts';
import type { RateLimitPolicy } from './decision.ts';

const policy: RateLimitPolicy = { algorithm: 'gcra', limit: 2, windowSeconds: 10 };

test('a key is admitted up to the limit, refused, and admitted again when it was told to come back', () => {
  let nowMs = 0;
  const limiter = createLocalRateLimiter({ name: 'unknown-slugs', policy, now: () => nowMs });
  expect(limiter.consumeSync('ip')).toMatchObject({ allowed: true, remaining: 1, resetSeconds: 5 });
  expect(limiter.consumeSync('ip')).toMatchObject({ allowed: true, remaining: 0 });
  const refused = limiter.consumeSync('ip');
  expect(refused).toMatchObject({ allowed: false, retryAfterSeconds: 5 });
  nowMs += refused.retryAfterSeconds * 1_000;
  expect(limiter.consumeSync('ip')).toMatchObject({ allowed: true, retryAfterSeconds: 0 });
});

test('keys do not share an allowance', () => {
  const limiter = createLocalRateLimiter({ name: 'unknown-slugs', policy });
  limiter.consumeSync('a', 2);
  expect(limiter.consumeSync('a').allowed).toBe(false);
  expect(limiter.consumeSync('b').allowed).toBe(true);
});

test('a flood of keys takes no more memory than was agreed, and the newest keys stay limited', () => {
  const limiter = createLocalRateLimiter({
    name: 'unknown-slugs',
    policy,
    maxKeys: 100,
    now: () => 0,
  });
  for (let i = 0; i < 10_000; i++) limiter.consumeSync(`ip-${i}`, 2);
  const admittedAgain = Array.from({ length: 10_000 }, (_, i) => `ip-${9_999 - i}`).map(
    (key) => limiter.consumeSync(key).allowed,
  );
  expect(admittedAgain.slice(0, 100)).not.toContain(true);
  expect(admittedAgain[100]).toBe(true);
});

test('a key that keeps asking is not forgotten', () => {
  const limiter = createLocalRateLimiter({
    name: 'unknown-slugs',
    policy,
    maxKeys: 2,
    now: () => 0,
  });
  limiter.consumeSync('scanner', 2);
  for (let i = 0; i < 10; i++) {
    limiter.consumeSync(`other-${i}`);
    expect(limiter.consumeSync('scanner').allowed).toBe(false);
  }
});

test('switched off it admits everything', () => {
  const limiter = createLocalRateLimiter({ name: 'unknown-slugs', policy, enabled: false });
  for (let i = 0; i < 10; i++) expect(limiter.consumeSync('ip').allowed).toBe(true);
  expect(limiter.stats().memory).toBe(0);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a cost of %s is refused', (cost) => {
  const limiter = createLocalRateLimiter({ name: 'unknown-slugs', policy });
  expect(() => limiter.consumeSync('ip', cost)).toThrow(RangeError);
});

test.each<RateLimitPolicy>([
  { algorithm: 'gcra', limit: 0, windowSeconds: 1 },
  { algorithm: 'gcra', limit: 1, windowSeconds: 0 },
  { algorithm: 'gcra', limit: 1, windowSeconds: 1, burst: 2 },
  { algorithm: 'slidingWindowCounter', limit: 1.5, windowSeconds: 1 },
  { algorithm: 'slidingWindowLog', limit: 10_001, windowSeconds: 1 },
])('the policy %o is refused', (bad) => {
  expect(() => createLocalRateLimiter({ name: 'x', policy: bad })).toThrow(RangeError);
});
