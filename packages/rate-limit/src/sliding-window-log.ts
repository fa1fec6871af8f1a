import type { Algorithm } from './algorithm.ts';
import { loadScript } from './load-script.ts';

const script = loadScript('sliding-window-log');

/**
 * Remembers when each unit was admitted (in whole milliseconds, oldest first) and counts those younger than the window.
 * Exact. O(log limit) per unit on Redis, O(limit) here, and space for `limit` entries per key.
 * @see https://redis.io/learn/develop/dotnet/aspnetcore/rate-limiting/sliding-window
 */
export function createSlidingWindowLog(policy: {
  limit: number;
  windowSeconds: number;
}): Algorithm<readonly number[]> {
  const { limit } = policy;
  const windowMs = policy.windowSeconds * 1_000;
  return {
    script,
    args: (cost) => [cost, limit, windowMs],
    decide(admitted = [], now, cost) {
      const nowMs = Math.floor(now);
      let state = admitted.filter((at) => at > nowMs - windowMs);
      const allowed = state.length + cost <= limit;
      if (allowed) state = [...state, ...Array<number>(cost).fill(nowMs)];
      const remaining = Math.max(0, limit - state.length);
      const waitMs = (units: number) => {
        const mustLeave = state.length + Math.min(units, limit) - limit;
        const last = state[mustLeave - 1];
        return last === undefined ? 0 : last + windowMs - nowMs;
      };
      const resetMs = waitMs(remaining + 1);
      const retryAfterMs = allowed ? 0 : waitMs(cost);
      return { state, outcome: { allowed, remaining, resetMs, retryAfterMs } };
    },
  };
}
