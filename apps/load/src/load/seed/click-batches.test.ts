import { expect, it } from 'vitest';
import { clickBatches } from './click-batches.ts';

it('cuts clicks into batches that add up, and a link with many between its days', () => {
  const counts = [3, 1_000_000, 0, 60_000, 70_000, 5];
  const batches = [...clickBatches(counts, 30)];
  expect(batches.reduce((sum, { clicks }) => sum + clicks, 0)).toBe(1_130_008);
  const parts = batches.filter(({ first }) => first === 1);
  expect(parts.map(({ from }) => from)).toEqual([0, ...parts.slice(0, -1).map(({ to }) => to)]);
  const dayOf = (click: number) => Math.floor((click * 30) / 1_000_000);
  for (const { from } of parts.slice(1)) expect(dayOf(from)).toBe(dayOf(from - 1) + 1);
  expect(
    batches.filter(({ first }) => first > 1).map(({ first, counts }) => [first, counts]),
  ).toEqual([
    [2, [0, 60_000, 70_000]],
    [5, [5]],
  ]);
});
