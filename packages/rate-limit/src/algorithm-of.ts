import type { Algorithm } from './algorithm.ts';
import type { Outcome, RateLimitPolicy } from './decision.ts';
import { createFixedWindow } from './fixed-window.ts';
import { createGcra } from './gcra.ts';
import { createSlidingWindowCounter } from './sliding-window-counter.ts';
import { createSlidingWindowLog } from './sliding-window-log.ts';

/** The algorithm of a policy. Throws a RangeError for a policy that makes no sense. */
export function algorithmOf(policy: RateLimitPolicy): Algorithm<unknown> {
  checkPolicy(policy);
  switch (policy.algorithm) {
    case 'fixedWindow':
      return createFixedWindow(policy) as Algorithm<unknown>;
    case 'slidingWindowLog':
      return createSlidingWindowLog(policy) as Algorithm<unknown>;
    case 'slidingWindowCounter':
      return createSlidingWindowCounter(policy) as Algorithm<unknown>;
    case 'gcra':
      return createGcra(policy) as Algorithm<unknown>;
  }
}

/** Reads a script's reply. */
export function outcomeOf(reply: unknown): Outcome {
  const [allowed, remaining, resetMs, retryAfterMs] = (reply as unknown[]).map(Number);
  return {
    allowed: allowed === 1,
    remaining: remaining ?? 0,
    resetMs: resetMs ?? 0,
    retryAfterMs: retryAfterMs ?? 0,
  };
}

/** The bounds keep every product in the algorithms below 2^53, where numbers are exact. */
function checkPolicy(policy: RateLimitPolicy): void {
  const { limit, windowSeconds } = policy;
  const maxLimit = policy.algorithm === 'slidingWindowLog' ? 10_000 : 1_000_000;
  checkRange('limit', limit, maxLimit);
  checkRange('windowSeconds', windowSeconds, 31 * 24 * 3_600);
  if (policy.algorithm === 'gcra') checkRange('burst', policy.burst ?? limit, limit);
}

function checkRange(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw new RangeError(`A rate limit's ${name} must be a whole number from 1 to ${max}`);
}
