import { expect, it } from 'vitest';
import { drawKeys, type KeyDistribution } from './key-distribution.ts';
import { randomFrom } from './random.ts';

const draws = 200_000;

/** How often each key was drawn, as a share. */
function shares(distribution: KeyDistribution, count: number): number[] {
  const draw = drawKeys(distribution, count, randomFrom(7));
  const found = new Array<number>(count).fill(0);
  for (let at = 0; at < draws; at += 1) {
    const key = draw();
    found[key] = (found[key] ?? Number.NaN) + 1 / draws;
  }
  expect(found).toHaveLength(count);
  return found;
}

it('uniform: each key equally often', () => {
  for (const share of shares({ kind: 'uniform' }, 20)) expect(share).toBeCloseTo(1 / 20, 2);
});

it.each([0.5, 1, 1.2, 2.5])('Zipf: key k in proportion to 1 / k^%d', (exponent) => {
  const count = 50;
  const weights = Array.from({ length: count }, (_, at) => (at + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight);
  const found = shares({ kind: 'zipf', exponent }, count);
  // Five times the standard error of a share of 1/2.
  for (const [at, share] of found.entries()) {
    expect(Math.abs(share - (weights[at] ?? 0) / sum)).toBeLessThan(5.6e-3);
  }
});

it('a hot set gets its share, and the other keys the rest', () => {
  const found = shares({ kind: 'hot', keys: 2, share: 0.9 }, 12);
  expect(found[0]).toBeCloseTo(0.45, 2);
  expect(found[1]).toBeCloseTo(0.45, 2);
  for (const share of found.slice(2)) expect(share).toBeCloseTo(0.01, 2);
});

it('the same seed draws the same keys', () => {
  const draw = (seed: number) => {
    const next = drawKeys({ kind: 'zipf', exponent: 1.1 }, 1e7, randomFrom(seed));
    return Array.from({ length: 100 }, next);
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});
