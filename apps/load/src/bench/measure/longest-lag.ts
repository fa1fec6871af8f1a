/** What was known at a moment. Both counts begin at 0. */
export interface Sample {
  seconds: number;
  answered: number;
  counted: number;
}

/** How many seconds the counted ones were behind the answered ones at most: when as many were answered as are counted now. */
export function longestLag(samples: readonly Sample[]): number {
  let longest = 0;
  for (const { seconds, counted, answered } of samples) {
    if (counted >= answered) continue;
    longest = Math.max(longest, seconds - reachedAt(samples, counted));
  }
  return longest;
}

/** When `count` were answered, between two samples on a straight line. */
function reachedAt(samples: readonly Sample[], count: number): number {
  const index = samples.findIndex(({ answered }) => answered >= count);
  const after = samples[index];
  const before = samples[index - 1];
  if (after === undefined || before === undefined) return after?.seconds ?? 0;
  const share = (count - before.answered) / (after.answered - before.answered);
  return before.seconds + share * (after.seconds - before.seconds);
}
