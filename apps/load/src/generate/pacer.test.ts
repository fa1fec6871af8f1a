import fc from 'fast-check';
import { expect, it } from 'vitest';
import { following, pacedBy } from './pacer.ts';

const rate = fc.integer({ min: 0, max: 50_000 });
const stages = fc.array(
  fc.record({ seconds: fc.integer({ min: 1, max: 100 }), from: rate, to: rate }),
  { minLength: 1, maxLength: 5 },
);

it('each request is due from the time on that it is meant for, on ramps too', () => {
  fc.assert(
    fc.property(stages, fc.double({ min: 0, max: 0.999, noNaN: true }), (plan, part) => {
      const pacer = pacedBy(plan, 1_000);
      const all = plan.reduce((sum, { seconds, from, to }) => sum + (seconds * (from + to)) / 2, 0);
      fc.pre(all >= 2);
      const index = Math.floor((all - 1) * part);
      const [time, next] = [pacer.timeOf(index, 0), pacer.timeOf(index + 1, 0)];
      expect(pacer.due((time + next) / 2)).toBe(index + 1);
    }),
  );
});

it('a request at a low rate is not measured from long before it is sent', () => {
  const pacer = pacedBy([{ seconds: 10, from: 2, to: 2 }], 0);
  expect(pacer.due(499)).toBe(0);
  expect(pacer.due(500)).toBe(1);
  expect(pacer.timeOf(0, 0)).toBe(500);
});

it('fractions that fall short in floating point cost no request', () => {
  const tenth = { seconds: 1, from: 0.1, to: 0.1 };
  expect(pacedBy(Array(10).fill(tenth), 0).due(10_000)).toBe(1);
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
