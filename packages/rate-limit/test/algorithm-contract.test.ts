import { readFile } from 'node:fs/promises';
import { defineScript, type RedisScript } from '@shortstack/redis';
import { startTestRedis } from '@shortstack/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test } from 'vitest';
import { algorithmOf, outcomeOf } from '../src/algorithm-of.ts';
import type { Outcome, RateLimitPolicy } from '../src/decision.ts';
import { type Admission, remainingByDefinition } from './reference-models.ts';

/** One limit on a clock that the test sets. */
interface Subject {
  consume(nowMs: number, cost: number): Promise<Outcome>;
}

const startMs = 1_767_225_600_123;
const clockKey = 'test:clock';

const server = await startTestRedis();
const clients = Array.from({ length: 4 }, () => new Redis(server.port));
afterAll(() => {
  for (const client of clients) client.disconnect();
});
let keys = 0;

/** The real script, with its clock replaced by a list that has the form of TIME's reply. */
async function scriptOnTestClock(script: RedisScript): Promise<RedisScript> {
  const lua = await readFile(new URL(`../lua/${script.name}.lua`, import.meta.url), 'utf8');
  const clock = "redis.call('TIME')";
  expect(lua.split(clock)).toHaveLength(2);
  const patched = lua.replace(clock, `redis.call('LRANGE', '${clockKey}', 0, -1)`);
  return defineScript({ name: script.name, lua: patched });
}

async function onRedis(policy: RateLimitPolicy): Promise<Subject> {
  const algorithm = algorithmOf(policy);
  const script = await scriptOnTestClock(algorithm.script);
  const key = `contract:${keys++}`;
  let turn = 0;
  return {
    async consume(nowMs, cost) {
      const client = clients[turn++ % clients.length] as Redis;
      const seconds = Math.floor(nowMs / 1_000);
      await client
        .multi()
        .del(clockKey)
        .rpush(clockKey, seconds, (nowMs % 1_000) * 1_000)
        .exec();
      return outcomeOf(await script.run(client, [key], algorithm.args(cost)));
    },
  };
}

async function inProcess(policy: RateLimitPolicy): Promise<Subject> {
  const algorithm = algorithmOf(policy);
  let remembered: unknown;
  return {
    async consume(nowMs, cost) {
      const { state, outcome } = algorithm.decide(remembered, nowMs, cost);
      remembered = state;
      return outcome;
    },
  };
}

// Windows are long enough that no TTL, which runs on the real clock, ends during the test.
const windowSeconds = 600;
const policies: RateLimitPolicy[] = [
  { algorithm: 'fixedWindow', limit: 6, windowSeconds },
  { algorithm: 'slidingWindowLog', limit: 5, windowSeconds },
  { algorithm: 'slidingWindowCounter', limit: 7, windowSeconds },
  { algorithm: 'gcra', limit: 7, windowSeconds },
  { algorithm: 'gcra', limit: 6, windowSeconds, burst: 2 },
];
const subjects = { Redis: onRedis, 'this process': inProcess };
const cases = Object.entries(subjects).flatMap(([where, create]) =>
  policies.map((policy) => ({
    name: `${policy.algorithm}${'burst' in policy ? ' with a burst' : ''} in ${where}`,
    policy,
    create,
    capacity: 'burst' in policy ? (policy.burst ?? policy.limit) : policy.limit,
  })),
);

const requests = fc.array(
  fc.record({
    waitMs: fc.oneof(
      fc.constant(0),
      fc.constant('as told' as const),
      fc.nat({ max: 5_000 }),
      fc.nat({ max: 2_000 * windowSeconds }),
    ),
    cost: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 1, maxLength: 25 },
);

describe.each(cases)('$name', ({ policy, create, capacity }) => {
  test('admits exactly what its definition allows, and says exactly when there will be more', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async (steps) => {
        const subject = await create(policy);
        const admitted: Admission[] = [];
        let nowMs = startMs;
        let retryAfterMs = 0;
        for (const { waitMs, cost } of steps) {
          nowMs += waitMs === 'as told' ? retryAfterMs : waitMs;
          const left = (afterMs = 0) => remainingByDefinition(policy, admitted, nowMs + afterMs);
          const allowed = left() >= cost;
          const outcome = await subject.consume(nowMs, cost);
          ({ retryAfterMs } = outcome);
          expect(outcome.allowed).toBe(allowed);
          if (allowed) admitted.push({ atMs: nowMs, cost });
          expect(outcome.remaining).toBe(left());

          const firstAt = (afterMs: number, units: number) =>
            left(afterMs) >= units && (afterMs === 0 || left(afterMs - 1) < units);
          expect(firstAt(outcome.resetMs, Math.min(left() + 1, capacity))).toBe(true);
          const wanted = allowed ? 0 : Math.min(cost, capacity);
          expect(firstAt(outcome.retryAfterMs, wanted)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('admits no more than its capacity to clients that ask at the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 }),
        async (costs) => {
          const subject = await create(policy);
          const outcomes = await Promise.all(
            costs.map(async (cost) => ({ cost, ...(await subject.consume(startMs, cost)) })),
          );
          const used = outcomes.reduce((sum, { allowed, cost }) => sum + (allowed ? cost : 0), 0);
          expect(used).toBeLessThanOrEqual(capacity);
          const last = await subject.consume(startMs, capacity + 1);
          expect(last).toMatchObject({ allowed: false, remaining: capacity - used });
        },
      ),
      { numRuns: 20 },
    );
  });

  test('never admits a cost above its capacity, and takes nothing for it', async () => {
    const subject = await create(policy);
    const refused = await subject.consume(startMs, capacity + 1);
    expect(refused).toEqual({ allowed: false, remaining: capacity, resetMs: 0, retryAfterMs: 0 });
    expect(await subject.consume(startMs, capacity)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('takes nothing for a refused request', async () => {
    const subject = await create(policy);
    await subject.consume(startMs, capacity);
    const first = await subject.consume(startMs, 1);
    for (let i = 0; i < 20; i++) await subject.consume(startMs + first.retryAfterMs - 1, 1);
    expect(await subject.consume(startMs + first.retryAfterMs, 1)).toMatchObject({ allowed: true });
  });

  test('survives a clock that goes back without admitting more', async () => {
    const subject = await create(policy);
    await subject.consume(startMs, capacity);
    expect(await subject.consume(startMs - 5_000, 1)).toMatchObject({ allowed: false });
  });
});
