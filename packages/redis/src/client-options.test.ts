import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reconnectDelayMs } from './client-options.ts';

test('the delay before a reconnection stays between 50 ms and a ceiling that doubles up to 2 s', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, chance) => {
        const delayMs = reconnectDelayMs(attempt, () => chance);
        const ceilingMs = Math.min(2_000, 50 * 2 ** attempt);
        expect(delayMs).toBeGreaterThanOrEqual(50);
        expect(delayMs).toBeLessThanOrEqual(ceilingMs);
      },
    ),
  );
});

test('the delay is drawn from the whole range', () => {
  expect(reconnectDelayMs(20, () => 0)).toBe(50);
  expect(reconnectDelayMs(20, () => 0.999_999)).toBe(2_000);
});
