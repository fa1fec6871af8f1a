import type { Decision } from './decision.ts';

/** How often a limiter decided, and by what. */
export interface RateLimiterStats {
  /** Decided by Redis. */
  redis: number;
  /** Decided in this process. */
  memory: number;
  /** Refused without deciding anew, because the key is known to be refused for a while yet. */
  knownRefusals: number;
  /** Refused, known refusals included. */
  refused: number;
  /** Redis could not be asked. */
  unavailable: number;
}

/** One limit. The keys are what it is counted for: an account, an address, an API key. */
export interface RateLimiter {
  readonly name: string;
  /**
   * Takes `cost` units (a whole number, default 1) from the key's allowance if there are as many, and none otherwise.
   * A refusal is a value, not an error: see `rateLimited`. Throws a RangeError for a cost that is no whole number of at least 1.
   */
  consume(key: string, cost?: number): Promise<Decision>;
  /** The refusal that `consume` would answer from memory, or null. Takes nothing. */
  knownRefusal(key: string, cost?: number): Decision | null;
  stats(): Readonly<RateLimiterStats>;
}

/** A limit that this process keeps alone. */
export interface LocalRateLimiter extends RateLimiter {
  /** As `consume`, without a promise: for hot paths. */
  consumeSync(key: string, cost?: number): Decision;
}

export function newStats(): RateLimiterStats {
  return { redis: 0, memory: 0, knownRefusals: 0, refused: 0, unavailable: 0 };
}
