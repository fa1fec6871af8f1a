import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BucketUnit,
  bucketExpiry,
  bucketStart,
  type Window,
  windowBuckets,
} from './time-buckets.ts';

const minute = 60_000;
const lengths: Record<Window, number> = {
  hour: 60 * minute,
  day: 24 * 60 * minute,
  week: 7 * 24 * 60 * minute,
};
const bucketLengths: Record<BucketUnit, number> = {
  quarter: 15 * minute,
  hour: 60 * minute,
  day: 24 * 60 * minute,
};
const anyWindow = fc.constantFrom<Window>('hour', 'day', 'week');
const anyTime = fc.integer({ min: 0, max: Date.UTC(2100, 0) });

test('buckets begin at whole quarters, hours and days in UTC', () => {
  const time = Date.UTC(2026, 10, 21, 6, 44, 59, 999);
  expect(bucketStart('quarter', time)).toBe(Date.UTC(2026, 10, 21, 6, 30));
  expect(bucketStart('hour', time)).toBe(Date.UTC(2026, 10, 21, 6));
  expect(bucketStart('day', time)).toBe(Date.UTC(2026, 10, 21));
});

test('a window covers all of its time and less than one bucket more', () => {
  fc.assert(
    fc.property(anyWindow, anyTime, (window, now) => {
      const { unit, starts } = windowBuckets(window, now);
      const covered = now - Math.min(...starts);
      expect(covered).toBeGreaterThanOrEqual(lengths[window]);
      expect(covered).toBeLessThan(lengths[window] + bucketLengths[unit]);
      expect(starts[0]).toBe(bucketStart(unit, now));
      expect(new Set(starts).size).toBe(starts.length);
    }),
  );
});

test('no bucket expires while a window still holds it', () => {
  fc.assert(
    fc.property(anyWindow, anyTime, (window, now) => {
      const { unit, starts } = windowBuckets(window, now);
      for (const start of starts) expect(bucketExpiry(unit, start)).toBeGreaterThan(now);
    }),
  );
});
