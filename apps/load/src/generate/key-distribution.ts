import { zipfRanks } from './zipf.ts';

/** How requests spread over keys 0 … count-1. */
export type KeyDistribution =
  | { kind: 'uniform' }
  /** Key k (from 1) gets a share proportional to 1 / k^exponent. */
  | { kind: 'zipf'; exponent: number }
  /** The first `keys` keys get `share` of all requests, evenly; the others share the rest. */
  | { kind: 'hot'; keys: number; share: number };

/** Draws keys. The memory that it takes does not depend on their number. */
export function drawKeys(
  distribution: KeyDistribution,
  count: number,
  random: () => number,
): () => number {
  switch (distribution.kind) {
    case 'uniform':
      return () => Math.floor(random() * count);
    case 'zipf': {
      const rank = zipfRanks(count, distribution.exponent, random);
      return () => rank() - 1;
    }
    case 'hot': {
      const hot = Math.min(distribution.keys, count);
      const cold = count - hot;
      return () =>
        cold === 0 || random() < distribution.share
          ? Math.floor(random() * hot)
          : hot + Math.floor(random() * cold);
    }
  }
}
