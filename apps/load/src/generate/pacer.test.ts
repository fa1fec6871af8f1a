import fc from 'fast-check';
import { expect, it } from 'vitest';
import { following, pacedBy } from './pacer.ts';

const rate = fc.integer({ min: 0, max: 50_000 });
const stages = fc.array(
  fc.record({ seconds: fc.integer({ min: 1, max: 100 }), from: rate, to: rate }),
  { minLength: 1, maxLength: 5 },
);

it('requests are due at the times that they are meant for, on ramps too', () => {
  fc.assert(
    fc.property(stages, fc.double({ min: 0, max: 0.999, noNaN: true }), (plan, part) => {
      const pacer = pacedBy(plan, 1_000);
      const all = plan.reduce((sum, { seconds, from, to }) => sum + (seconds * (from + to)) / 2, 0);
      fc.pre(all > 0);
      const index = Math.floor(all * part);
      const time = pacer.timeOf(index, 0);
      expect(pacer.due(time - 0.001)).toBeLessThanOrEqual(index);
      expect(pacer.due(time + 0.001)).toBeGreaterThanOrEqual(index);
    }),
  );
});

it('no more requests come due after the last stage', () => {
  const pacer = pacedBy([{ seconds: 2, from: 0, to: 100 }], 0);
  expect(pacer.due(1_000)).toBe(25);
  expect(pacer.due(2_000)).toBe(100);
  expect(pacer.due(60_000)).toBe(100);
});

it('a share follows the requests that it is a share of', () => {
  let sent = 0;
  const pacer = following(() => sent, 0.1, 1_000);
  sent = 99;
  expect(pacer.due(0)).toBe(9);
  expect(pacer.due(1_000)).toBe(0);
});
