/** How long a bucket is; it begins at a whole multiple of that in UTC. A quarter is 15 minutes. */
export type BucketUnit = 'quarter' | 'hour' | 'day';

export const bucketUnits: readonly BucketUnit[] = ['quarter', 'hour', 'day'];

/** What a leaderboard can be asked for. */
export type Window = 'hour' | 'day' | 'week';

const unitMs: Readonly<Record<BucketUnit, number>> = {
  quarter: 15 * 60 * 1000,
  hour: 60 * 60 * 1000,
  day: 24 * 60 * 60 * 1000,
};

/**
 * The bucket under way and as many full ones before it as make up the window: so nothing that happened within the window is
 * missing, and up to one bucket more is in it. Hour = 60 to 75 minutes, day = 24 to 25 hours, week = 7 to 8 days.
 */
const windows: Readonly<Record<Window, { unit: BucketUnit; fullBuckets: number }>> = {
  hour: { unit: 'quarter', fullBuckets: 4 },
  day: { unit: 'hour', fullBuckets: 24 },
  week: { unit: 'day', fullBuckets: 7 },
};

const fullBuckets: Readonly<Record<BucketUnit, number>> = {
  quarter: windows.hour.fullBuckets,
  hour: windows.day.fullBuckets,
  day: windows.week.fullBuckets,
};

const clockToleranceMs = 60_000;

/** When the bucket that holds a time began. Both in milliseconds since 1970. */
export function bucketStart(unit: BucketUnit, time: number): number {
  return Math.floor(time / unitMs[unit]) * unitMs[unit];
}

/** The buckets that make up a window at a time: their unit, and when each began, newest first. */
export function windowBuckets(
  window: Window,
  time: number,
): { unit: BucketUnit; starts: readonly number[] } {
  const { unit } = windows[window];
  const newest = bucketStart(unit, time);
  const count = windows[window].fullBuckets + 1;
  return { unit, starts: Array.from({ length: count }, (_, i) => newest - i * unitMs[unit]) };
}

/** When no window can hold a bucket any more, with a minute to spare for clocks that differ. */
export function bucketExpiry(unit: BucketUnit, start: number): number {
  return start + (fullBuckets[unit] + 1) * unitMs[unit] + clockToleranceMs;
}
