import type { Algorithm } from './algorithm.ts';
import { loadScript } from './load-script.ts';

const script = loadScript('gcra');

/**
 * The generic cell rate algorithm: remembers for each key one moment, at which everything admitted so far will have been
 * worked off at the steady rate (the theoretical arrival time). In whole microseconds, the interval rounded up, so
 * that rounding never admits more. O(1) time and space.
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export function createGcra(policy: {
  limit: number;
  windowSeconds: number;
  burst?: number;
}): Algorithm<number> {
  const { limit, windowSeconds, burst = limit } = policy;
  const intervalUs = Math.ceil((windowSeconds * 1_000_000) / limit);
  const capacityUs = burst * intervalUs;
  return {
    script,
    args: (cost) => [cost, intervalUs, burst],
    decide(arrivalUs, nowMs, cost) {
      const nowUs = Math.floor(nowMs * 1_000);
      let usedUs = Math.max(0, (arrivalUs ?? nowUs) - nowUs);
      const allowed = usedUs + cost * intervalUs <= capacityUs;
      if (allowed) usedUs += cost * intervalUs;
      const remaining = Math.max(0, Math.floor((capacityUs - usedUs) / intervalUs));
      const waitMs = (units: number) =>
        Math.ceil(Math.max(0, usedUs + Math.min(units, burst) * intervalUs - capacityUs) / 1_000);
      const resetMs = waitMs(remaining + 1);
      const retryAfterMs = allowed ? 0 : waitMs(cost);
      return { state: nowUs + usedUs, outcome: { allowed, remaining, resetMs, retryAfterMs } };
    },
  };
}
