import { AppError, unavailable } from '@shortstack/errors';
import type { RedisConnection } from '@shortstack/redis';
import { algorithmOf, outcomeOf } from './algorithm-of.ts';
import { createBoundedMap } from './bounded-map.ts';
import { type Outcome, type RateLimitPolicy, toDecision } from './decision.ts';
import { createKnownRefusals } from './known-refusals.ts';
import { checkCost, checkName, limiterKey, redisKey } from './limiter-key.ts';
import { monotonicNow } from './monotonic-now.ts';
import { newStats, type RateLimiter } from './rate-limiter.ts';
import { report } from './report.ts';

export interface RateLimiterOptions {
  /** The hub. */
  redis: RedisConnection;
  /** Lower-case words joined by hyphens, unique on this Redis. Shown to clients in the headers. */
  name: string;
  policy: RateLimitPolicy;
  /**
   * What happens when Redis can't be asked (away, slow, full, read-only). `memory` (default): this process counts alone, so N
   * processes together admit up to N times the limit. `allow`: everything is admitted. `deny`: `consume` rejects with kind `unavailable`.
   */
  onUnavailable?: 'memory' | 'allow' | 'deny';
  /** False admits everything and asks nobody. Default true. */
  enabled?: boolean;
  /** How many keys this process remembers, for refusals and for counting alone. Default 10,000 of each. */
  maxKeys?: number;
  /** Milliseconds since 1970 that never go back, for what this process remembers. Redis counts by its own clock. */
  now?: () => number;
}

/**
 * A limit that all processes share through Redis: one script and one key, so never more is admitted than the policy says,
 * whoever asks at the same time. Every key has a TTL of at most two windows.
 *
 * A key that was refused is refused from memory until it may try again: no round trip. While the connection's breaker
 * is open nobody waits. A request that Redis counted after the command timeout is counted there and here.
 * Throws a RangeError for a policy or name that makes no sense. Costs one round trip; opens nothing.
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { redis, name, onUnavailable = 'memory', enabled = true, maxKeys = 10_000 } = options;
  const { now = monotonicNow } = options;
  checkName(name);
  const algorithm = algorithmOf(options.policy);
  const { limit, windowSeconds } = options.policy;
  const policy = { name, limit, windowSeconds };
  const refusals = createKnownRefusals(maxKeys, now);
  const ownStates = createBoundedMap<unknown>(maxKeys);
  const stats = newStats();
  const unlimited: Outcome = { allowed: true, remaining: limit, resetMs: 0, retryAfterMs: 0 };

  async function decide(key: string, cost: number): Promise<Outcome> {
    try {
      const reply = await redis.run((client) =>
        algorithm.script.run(client, [redisKey(name, key)], algorithm.args(cost)),
      );
      stats.redis += 1;
      return outcomeOf(reply);
    } catch (error) {
      return decideWithoutRedis(error, key, cost);
    }
  }

  function decideWithoutRedis(error: unknown, key: string, cost: number): Outcome {
    stats.unavailable += 1;
    report('rate_limit.unavailable', { policy: name, answer: onUnavailable });
    if (onUnavailable === 'allow') return unlimited;
    if (onUnavailable === 'deny') throw toUnavailable(error);
    const { state, outcome } = algorithm.decide(ownStates.get(key), now(), cost);
    ownStates.set(key, state);
    stats.memory += 1;
    return outcome;
  }

  function knownRefusal(key: string, cost: number) {
    const refusal = refusals.find(key, cost);
    if (!refusal) return null;
    stats.knownRefusals += 1;
    stats.refused += 1;
    return toDecision(policy, refusal);
  }

  return {
    name,
    async consume(rawKey, cost = 1) {
      checkCost(cost);
      if (!enabled) return toDecision(policy, unlimited);
      const key = limiterKey(rawKey);
      const known = knownRefusal(key, cost);
      if (known) return known;
      const outcome = await decide(key, cost);
      if (!outcome.allowed) {
        refusals.add(key, cost, outcome);
        stats.refused += 1;
        report('rate_limit.refused', { policy: name });
      }
      return toDecision(policy, outcome);
    },
    knownRefusal: (rawKey, cost = 1) => knownRefusal(limiterKey(rawKey), cost),
    stats: () => stats,
  };
}

function toUnavailable(error: unknown): AppError {
  if (error instanceof AppError && error.kind === 'unavailable') return error;
  return unavailable('RATE_LIMIT_UNAVAILABLE', 'Requests can’t be counted at the moment.', {
    cause: error,
  });
}
