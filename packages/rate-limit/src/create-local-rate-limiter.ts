import { algorithmOf } from './algorithm-of.ts';
import { createBoundedMap } from './bounded-map.ts';
import { type Decision, type RateLimitPolicy, toDecision } from './decision.ts';
import { checkCost, checkName, limiterKey } from './limiter-key.ts';
import { monotonicNow } from './monotonic-now.ts';
import { type LocalRateLimiter, newStats } from './rate-limiter.ts';

export interface LocalRateLimiterOptions {
  /** Lower-case words joined by hyphens. Shown to clients in the headers. */
  name: string;
  policy: RateLimitPolicy;
  /** False admits everything and counts nothing. Default true. */
  enabled?: boolean;
  /** How many keys are remembered; beyond, the one asked for longest ago starts anew. Default 10,000. */
  maxKeys?: number;
  /** Milliseconds since 1970 that never go back. Default the process's own. */
  now?: () => number;
}

/**
 * A limit that this process keeps alone, in bounded memory: N processes together admit N times as much, and a restart
 * forgets. Throws a RangeError for a policy or name that makes no sense. Needs no Redis, costs no I/O.
 */
export function createLocalRateLimiter(options: LocalRateLimiterOptions): LocalRateLimiter {
  const { name, enabled = true, maxKeys = 10_000, now = monotonicNow } = options;
  checkName(name);
  const algorithm = algorithmOf(options.policy);
  const { limit, windowSeconds } = options.policy;
  const policy = { name, limit, windowSeconds };
  const states = createBoundedMap<unknown>(maxKeys);
  const stats = newStats();
  const admitted = toDecision(policy, {
    allowed: true,
    remaining: limit,
    resetMs: 0,
    retryAfterMs: 0,
  });

  function consumeSync(key: string, cost = 1): Decision {
    checkCost(cost);
    if (!enabled) return admitted;
    const bounded = limiterKey(key);
    const { state, outcome } = algorithm.decide(states.get(bounded), now(), cost);
    states.set(bounded, state);
    stats.memory += 1;
    if (!outcome.allowed) stats.refused += 1;
    return toDecision(policy, outcome);
  }

  return {
    name,
    consumeSync,
    consume: async (key, cost) => consumeSync(key, cost),
    knownRefusal: () => null,
    stats: () => stats,
  };
}
