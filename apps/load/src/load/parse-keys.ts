import type { KeyDistribution } from '../generate/key-distribution.ts';

export const keysUsage =
  '--keys is uniform, zipf:EXPONENT (above 0, at most 20) or hot:KEYS:SHARE (of all requests, above 0, at most 1).';

/** Beyond it all requests are for the first key, and the weights of others too small for a number. */
const maxExponent = 20;

/** `uniform`, `zipf:EXPONENT` or `hot:KEYS:SHARE`; undefined for anything else. */
export function parseKeys(text: string): KeyDistribution | undefined {
  const [kind, ...rest] = text.split(':');
  const [first = Number.NaN, second = Number.NaN] = rest.map(Number);
  if (kind === 'uniform' && rest.length === 0) return { kind };
  if (kind === 'zipf' && rest.length === 1 && first > 0 && first <= maxExponent)
    return { kind, exponent: first };
  if (kind === 'hot' && rest.length === 2 && Number.isInteger(first) && first > 0) {
    if (second > 0 && second <= 1) return { kind, keys: first, share: second };
  }
  return undefined;
}

/** The text that `parseKeys` takes. */
export function formatKeys(keys: KeyDistribution): string {
  if (keys.kind === 'zipf') return `zipf:${keys.exponent}`;
  return keys.kind === 'hot' ? `hot:${keys.keys}:${keys.share}` : 'uniform';
}
