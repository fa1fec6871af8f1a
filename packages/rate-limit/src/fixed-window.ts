import type { Algorithm } from './algorithm.ts';
import { loadScript } from './load-script.ts';

const script = loadScript('fixed-window');

interface Window {
  /** The number of the window since the clock's zero. */
  window: number;
  count: number;
}

/**
 * Counts in windows that begin at whole multiples of their length since 1970, so that one of 86,400 s is a UTC day.
 * O(1) time and space.
 * @see https://redis.io/docs/latest/commands/incr/#pattern-rate-limiter
 */
export function createFixedWindow(policy: {
  limit: number;
  windowSeconds: number;
}): Algorithm<Window> {
  const { limit } = policy;
  const windowMs = policy.windowSeconds * 1_000;
  return {
    script,
    args: (cost) => [cost, limit, windowMs],
    decide(stored, now, cost) {
      const nowMs = Math.floor(now);
      // A clock that went back stays in the newest window it has seen.
      const window = Math.max(Math.floor(nowMs / windowMs), stored?.window ?? 0);
      let count = stored?.window === window ? stored.count : 0;
      const allowed = count + cost <= limit;
      if (allowed) count += cost;
      const remaining = Math.max(0, limit - count);
      const resetMs = count === 0 ? 0 : (window + 1) * windowMs - nowMs;
      const retryAfterMs = allowed ? 0 : resetMs;
      return {
        state: { window, count },
        outcome: { allowed, remaining, resetMs, retryAfterMs },
      };
    },
  };
}
