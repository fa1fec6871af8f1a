/** Says when requests are to be sent. Times are `performance.now()`. */
export interface Pacer {
  /** How many requests should have been sent by `now`, since the start. */
  due(now: number): number;
  /** When request `index` (from 0) was meant to be sent: what its latency is measured from. */
  timeOf(index: number, now: number): number;
}

/** A part of a run: the rate goes evenly from one value to the other. Requests per second. */
export interface Stage {
  seconds: number;
  from: number;
  to: number;
}

/** Of a request: 200 of them in all must not become 199 because sums of fractions fall short. */
const roundingError = 1e-6;

/**
 * Open loop: requests are due at their times, whether or not earlier ones are answered. So a server that stalls
 * can't slow the load down and hide its stall (coordinated omission). Each is due at the moment that it is meant for, the
 * first one when the rate adds up to one.
 */
export function pacedBy(stages: readonly Stage[], startedAt: number): Pacer {
  return {
    due: (now) => Math.floor(requestsUntil(stages, (now - startedAt) / 1_000) + roundingError),
    timeOf: (index) => startedAt + secondsUntil(stages, index + 1) * 1_000,
  };
}

/** Closed loop: until `endsAt` a request is always due; each connection sends its next one when the last is answered. */
export function unpaced(endsAt: number): Pacer {
  return {
    due: (now) => (now < endsAt ? Number.POSITIVE_INFINITY : 0),
    timeOf: (_index, now) => now,
  };
}

/** So many for each one that `count` tells, until `endsAt`: for a mix in a closed loop. */
export function following(count: () => number, share: number, endsAt: number): Pacer {
  return {
    due: (now) => (now < endsAt ? Math.floor(count() * share) : 0),
    timeOf: (_index, now) => now,
  };
}

/** The integral of the rate. */
function requestsUntil(stages: readonly Stage[], seconds: number): number {
  let requests = 0;
  let left = seconds;
  for (const { seconds: length, from, to } of stages) {
    const at = Math.min(left, length);
    if (at <= 0) break;
    requests += at * (from + (((to - from) / length) * at) / 2);
    left -= at;
  }
  return requests;
}

/** The inverse of `requestsUntil`. */
function secondsUntil(stages: readonly Stage[], requests: number): number {
  let left = requests;
  let seconds = 0;
  for (const { seconds: length, from, to } of stages) {
    const all = (length * (from + to)) / 2;
    if (left < all) {
      const growth = (to - from) / length;
      // Of the two ways to solve the quadratic equation the one that also serves a growth of 0.
      return seconds + (2 * left) / (from + Math.sqrt(from * from + 2 * growth * left));
    }
    left -= all;
    seconds += length;
  }
  return seconds;
}
