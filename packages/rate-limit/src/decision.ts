/** How much is allowed. */
export type RateLimitPolicy =
  | {
      /**
       * Windows that begin at whole multiples of `windowSeconds` since 1970, so that 86,400 is a UTC day: for quotas. In constant
       * space. Around the boundary of two windows twice `limit` may come at once.
       */
      algorithm: 'fixedWindow';
      limit: number;
      windowSeconds: number;
    }
  | {
      /**
       * Exact: never more than `limit` in any stretch of `windowSeconds`. Stores one entry per admitted unit, so for small
       * limits (at most 10,000), such as sign-in attempts.
       */
      algorithm: 'slidingWindowLog';
      limit: number;
      windowSeconds: number;
    }
  | {
      /**
       * Approximate, in constant space: the previous window counts as if it had been spread evenly. In the worst case
       * it admits almost twice `limit` in some stretch of `windowSeconds`.
       */
      algorithm: 'slidingWindowCounter';
      limit: number;
      windowSeconds: number;
    }
  | {
      /** A steady rate of `limit` per `windowSeconds` after a burst, in constant space and without windows. */
      algorithm: 'gcra';
      limit: number;
      windowSeconds: number;
      /** How many may come at once. At most and by default `limit`. */
      burst?: number;
    };

/** What an algorithm says. Times in milliseconds from now. */
export interface Outcome {
  allowed: boolean;
  /** How many more units would be admitted now. */
  remaining: number;
  /** Until more than `remaining` would be; 0 when nothing is used. */
  resetMs: number;
  /** Until this request would be admitted; 0 when it was. For a cost that never would be: until nothing is used. */
  retryAfterMs: number;
}

/** The answer to one request. Times in whole seconds from now, rounded up. */
export interface Decision {
  readonly allowed: boolean;
  readonly limit: number;
  /** How many more units would be admitted now. */
  readonly remaining: number;
  /** Until more than `remaining` would be admitted; 0 when nothing is used. */
  readonly resetSeconds: number;
  /** When to try again: at least 1 on a refusal, otherwise 0. */
  readonly retryAfterSeconds: number;
  /** Which limit decided. */
  readonly policy: {
    readonly name: string;
    readonly limit: number;
    readonly windowSeconds: number;
  };
}

export function toDecision(policy: Decision['policy'], outcome: Outcome): Decision {
  return {
    allowed: outcome.allowed,
    limit: policy.limit,
    remaining: outcome.remaining,
    resetSeconds: Math.ceil(outcome.resetMs / 1_000),
    retryAfterSeconds: outcome.allowed ? 0 : Math.max(1, Math.ceil(outcome.retryAfterMs / 1_000)),
    policy,
  };
}
