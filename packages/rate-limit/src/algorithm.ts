import type { RedisScript } from '@shortstack/redis';
import type { Outcome } from './decision.ts';

/** One algorithm with its policy, twice: as a script on Redis's clock and as a function. Both decide alike. */
export interface Algorithm<State> {
  /** KEYS: 1 the key. Returns 1 or 0 for allowed, remaining, resetMs, retryAfterMs. */
  readonly script: RedisScript;
  /** The script's ARGV. */
  args(cost: number): number[];
  /** Decides in this process, and says what to remember of the key. */
  decide(state: State | undefined, nowMs: number, cost: number): { state: State; outcome: Outcome };
}
