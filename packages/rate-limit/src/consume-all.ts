import type { Decision } from './decision.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** A limit, the key it is asked for, and the cost (default 1). */
export type LimitedKey = readonly [limiter: RateLimiter, key: string, cost?: number];

/**
 * Asks several limits at once and answers with the strictest decision: a refusal before an admission, then the longer wait,
 * then the fewer units left.
 *
 * Each limit counts on its own: where one refuses, another may have counted the request. Only when a refusal is
 * already known here is nothing counted, so that an address that is refused can't use up an account's allowance for long.
 * All limits are asked in parallel: one round trip of time.
 */
export async function consumeAll(
  limits: readonly [LimitedKey, ...LimitedKey[]],
): Promise<Decision> {
  const known = limits
    .map(([limiter, key, cost]) => limiter.knownRefusal(key, cost))
    .filter((refusal) => refusal !== null);
  const decisions =
    known.length > 0
      ? known
      : await Promise.all(limits.map(([limiter, key, cost]) => limiter.consume(key, cost)));
  return decisions.reduce((a, b) => (isStricter(b, a) ? b : a));
}

function isStricter(a: Decision, b: Decision): boolean {
  if (a.allowed !== b.allowed) return !a.allowed;
  if (a.retryAfterSeconds !== b.retryAfterSeconds) return a.retryAfterSeconds > b.retryAfterSeconds;
  return a.remaining < b.remaining;
}
