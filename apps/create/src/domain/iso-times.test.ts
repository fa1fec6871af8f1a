import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTimes } from './iso-times.ts';

test('instants are written as toISOString writes them', () => {
  const second = fc.oneof(
    fc.integer({ min: -8_640_000_000_000, max: 8_640_000_000_000 }),
    fc.integer({ min: 1_795_600_000, max: 1_795_610_000 }),
    fc.integer({ min: -3_700, max: 3_700 }),
  );
  fc.assert(
    fc.property(fc.array(second), (seconds) => {
      expect(isoTimes(seconds)).toEqual(
        seconds.map((time) => new Date(time * 1_000).toISOString()),
      );
    }),
  );
});
