import type { Algorithm } from './algorithm.ts';
import { loadScript } from './load-script.ts';

const script = loadScript('sliding-window-counter');

interface Windows {
  /** The number of the window since the clock's zero. */
  window: number;
  current: number;
  previous: number;
}

/**
 * Counts in fixed windows and adds the previous window's count, weighted by how much of it the sliding window still
 * covers. Compares units × milliseconds, so that nothing is rounded. O(1) time and space.
 * @see https://blog.cloudflare.com/counting-things-a-lot-of-different-things/
 */
export function createSlidingWindowCounter(policy: {
  limit: number;
  windowSeconds: number;
}): Algorithm<Windows> {
  const { limit } = policy;
  const windowMs = policy.windowSeconds * 1_000;
  return {
    script,
    args: (cost) => [cost, limit, windowMs],
    decide(stored, nowMs, cost) {
      const { state, elapsedMs } = rollOver(stored, Math.floor(nowMs), windowMs);
      const { previous } = state;
      const fading = previous * (windowMs - elapsedMs);
      const allowed = fading + (state.current + cost) * windowMs <= limit * windowMs;
      if (allowed) state.current += cost;
      const { current } = state;
      const remaining = Math.max(0, Math.floor(limit - current - fading / windowMs));
      const waitMs = (units: number) => {
        const wanted = Math.min(units, limit);
        const spare = (limit - wanted - current) * windowMs;
        if (spare >= fading) return 0;
        if (spare >= 0) return windowMs - Math.floor(spare / previous) - elapsedMs;
        // Only once this window has become the previous one and has faded far enough.
        const spareThen = (limit - wanted) * windowMs;
        return 2 * windowMs - elapsedMs - Math.floor(spareThen / current);
      };
      const resetMs = waitMs(remaining + 1);
      const retryAfterMs = allowed ? 0 : waitMs(cost);
      return { state, outcome: { allowed, remaining, resetMs, retryAfterMs } };
    },
  };
}

/** The counts as seen from now. A clock that went back stays at the start of the newest window it has seen. */
function rollOver(stored: Windows | undefined, nowMs: number, windowMs: number) {
  const window = Math.max(Math.floor(nowMs / windowMs), stored?.window ?? 0);
  const state: Windows = { window, current: 0, previous: 0 };
  if (stored?.window === window) Object.assign(state, stored);
  if (stored?.window === window - 1) state.previous = stored.current;
  return { state, elapsedMs: Math.max(0, nowMs - window * windowMs) };
}
