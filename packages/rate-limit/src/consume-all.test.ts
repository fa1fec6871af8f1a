import { expect, test } from 'vitest';
import { consumeAll } from './consume-all.ts';
import { createLocalRateLimiter } from './create-local-rate-limiter.ts';

function limiter(name: string, limit: number, windowSeconds = 10) {
  const policy = { algorithm: 'slidingWindowLog', limit, windowSeconds } as const;
  return createLocalRateLimiter({ name, policy, now: () => 0 });
}

test('a refusal is stricter than any admission', async () => {
  const [account, address] = [limiter('account', 1), limiter('address', 100)];
  await account.consume('a');
  const decision = await consumeAll([
    [address, 'ip'],
    [account, 'a'],
  ]);
  expect(decision).toMatchObject({ allowed: false, policy: { name: 'account' } });
});

test('of several refusals the longest wait answers', async () => {
  const [short, long] = [limiter('short', 1, 10), limiter('long', 1, 60)];
  await Promise.all([short.consume('k'), long.consume('k')]);
  const decision = await consumeAll([
    [long, 'k'],
    [short, 'k'],
  ]);
  expect(decision).toMatchObject({ retryAfterSeconds: 60, policy: { name: 'long' } });
});

test('of several admissions the one with the least left answers', async () => {
  const decision = await consumeAll([
    [limiter('wide', 100), 'k'],
    [limiter('narrow', 3), 'k', 2],
  ]);
  expect(decision).toMatchObject({ allowed: true, remaining: 1, policy: { name: 'narrow' } });
});
