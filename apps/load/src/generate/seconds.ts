import { createTally, type Tally } from './tally.ts';

/** Keeps a tally per second. `current` is the one of this second. */
export interface Seconds {
  readonly current: Tally;
  /** Ends the last second. */
  stop(): void;
}

/** Hands over each second's tally when the second is over; it changes no more after that. */
export function countSeconds(onSecond: (tally: Tally) => void): Seconds {
  let current = createTally();
  const turn = () => {
    const full = current;
    current = createTally();
    onSecond(full);
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
