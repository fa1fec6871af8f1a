import { createTally, type Tally } from './tally.ts';

/** Keeps a tally per second. `current` is the one of this second. */
export interface Seconds {
  readonly current: Tally;
  /** Ends the last second. */
  stop(): void;
}

/**
 * Hands over each second's tally when the second is over, with its real length: the last one is shorter. It changes no
 * more after that.
 */
export function countSeconds(onSecond: (tally: Tally, seconds: number) => void): Seconds {
  let current = createTally();
  let since = performance.now();
  const turn = () => {
    const full = current;
    const now = performance.now();
    const seconds = (now - since) / 1_000;
    current = createTally();
    since = now;
    onSecond(full, seconds);
  };
  const timer = setInterval(turn, 1_000);
  return {
    get current() {
      return current;
    },
    stop() {
      clearInterval(timer);
      turn();
    },
  };
}
