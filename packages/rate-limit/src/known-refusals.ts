import { createBoundedMap } from './bounded-map.ts';
import type { Outcome } from './decision.ts';

interface Refusal {
  outcome: Outcome;
  cost: number;
  untilMs: number;
}

/** Remembers which keys are refused and until when, so that whoever keeps asking costs no round trip. */
export interface KnownRefusals {
  /** The refusal as it reads now, or null. It holds for the cost that was refused and for higher ones. */
  find(key: string, cost: number): Outcome | null;
  add(key: string, cost: number, refusal: Outcome): void;
}

/** Remembers at most `maxKeys`, the newest. Nothing but time ends a refusal, since a limit gives nothing back. */
export function createKnownRefusals(maxKeys: number, now: () => number): KnownRefusals {
  const refusals = createBoundedMap<Refusal>(maxKeys);
  return {
    find(key, cost) {
      const refusal = refusals.get(key);
      if (refusal === undefined || cost < refusal.cost) return null;
      const retryAfterMs = refusal.untilMs - now();
      if (retryAfterMs <= 0) {
        refusals.delete(key);
        return null;
      }
      return { ...refusal.outcome, retryAfterMs, resetMs: retryAfterMs };
    },
    add(key, cost, outcome) {
      refusals.set(key, { outcome, cost, untilMs: now() + outcome.retryAfterMs });
    },
  };
}
