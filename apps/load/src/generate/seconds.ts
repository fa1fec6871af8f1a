import { createTally, type Tally } from './tally.ts';

/** By kind of request. */
export type Tallies = Record<string, Tally>;

export interface Seconds {
  /** The tally of this second for a kind of request. */
  tally: (kind: string) => Tally;
  /** Ends the last second. */
  stop(): void;
}

/**
 * Hands over the tallies of each second when it is over, with its real length: the last one is shorter. They change no
 * more after that.
 */
export function countSeconds(onSecond: (tallies: Tallies, seconds: number) => void): Seconds {
  let current: Tallies = {};
  let since = performance.now();
  const turn = () => {
    const full = current;
    const now = performance.now();
    const seconds = (now - since) / 1_000;
    current = {};
    since = now;
    onSecond(full, seconds);
  };
  const timer = setInterval(turn, 1_000);
  return {
    tally(kind) {
      current[kind] ??= createTally();
      return current[kind];
    },
    stop() {
      clearInterval(timer);
      turn();
    },
  };
}
