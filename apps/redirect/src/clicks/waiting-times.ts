const boundsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** How long clicks waited until they were durable, as the buckets of a Prometheus histogram. */
export interface WaitingTimes {
  /** So many clicks waited this long at most. */
  add(milliseconds: number, clicks: number): void;
  /** How many waited at most so many seconds, by the bucket's bound. */
  buckets(): { le: string; clicks: number }[];
}

/** Counts in plain fields, since it is told of every batch. */
export function createWaitingTimes(): WaitingTimes {
  const counts = boundsSeconds.map(() => 0);
  let all = 0;
  return {
    add(milliseconds, clicks) {
      all += clicks;
      const at = boundsSeconds.findIndex((seconds) => milliseconds <= seconds * 1_000);
      if (at !== -1) counts[at] = (counts[at] ?? 0) + clicks;
    },
    buckets() {
      let clicks = 0;
      const bounded = boundsSeconds.map((seconds, at) => {
        clicks += counts[at] ?? 0;
        return { le: `${seconds}`, clicks };
      });
      return [...bounded, { le: '+Inf', clicks: all }];
    },
  };
}
