import { AppError } from '@shortstack/errors';
import { fromBase62, toBase62 } from './base62.ts';
import { createFeistel } from './feistel.ts';

const codeLength = 7;

/** How many codes there are: 62^7, about 3.5 × 10^12. Indexes run from 0 to one less. */
export const codeCount = 62 ** codeLength;

const minimumKeyBytes = 16;

export interface CodePermutation {
  /** The code of an index: 7 characters of base62. @throws AppError `internal` / `CODE_INDEX_RANGE` */
  codeAt(index: number | bigint): string;
  /** The codes of `count` consecutive indexes, in order; ten times cheaper than one by one. */
  codesFrom(firstIndex: number | bigint, count: number): string[];
  /** The index of a code, or `undefined` for what is no code of 7 base62 characters. */
  indexOf(code: string): number | undefined;
}

/**
 * A keyed permutation of [0, 62^7), written as codes: different indexes have different codes, and who
 * knows any number of codes but not the key can't tell which come next.
 *
 * The network permutes 2^42 values, of which 62^7 are codes. An index whose image is none is permuted
 * again until it is one ("cycle walking"): 1.25 turns on average, still a bijection.
 *
 * The same key always gives the same codes, in every release: changing that would make codes that exist.
 *
 * @param key at least 16 random bytes, made once and kept; with it all codes can be foretold.
 * @throws AppError `internal` / `CODE_KEY_TOO_SHORT`.
 * @see J. Black, P. Rogaway: Ciphers with arbitrary finite domains, CT-RSA 2002 (cycle walking).
 */
export function createCodePermutation(key: Uint8Array): CodePermutation {
  if (key.length < minimumKeyBytes) {
    throw new AppError('internal', 'CODE_KEY_TOO_SHORT', 'The key for codes is too short.');
  }
  const feistel = createFeistel(key);

  function codesFrom(firstIndex: number | bigint, count: number): string[] {
    const first = Number(firstIndex);
    assertRange(first, count);
    const values = walk(
      feistel.encrypt,
      Array.from({ length: count }, (_, i) => first + i),
    );
    return values.map((value) => toBase62(value, codeLength));
  }

  return {
    codesFrom,
    codeAt: (index) => codesFrom(index, 1).join(''),
    indexOf(code) {
      const value = code.length === codeLength ? fromBase62(code) : undefined;
      return value === undefined ? undefined : walk(feistel.decrypt, [value])[0];
    },
  };
}

/** Applies the permutation of the larger domain to each value until it is back among the codes. */
function walk(permute: (values: readonly number[]) => number[], start: number[]): number[] {
  const values = permute(start);
  let outside = positionsOutside(values, values.keys());
  while (outside.length > 0) {
    const moved = permute(outside.map((position) => values[position] ?? 0));
    outside.forEach((position, i) => {
      values[position] = moved[i] ?? 0;
    });
    outside = positionsOutside(values, outside);
  }
  return values;
}

function positionsOutside(values: readonly number[], positions: Iterable<number>): number[] {
  return [...positions].filter((position) => (values[position] ?? 0) >= codeCount);
}

function assertRange(first: number, count: number): void {
  const whole = Number.isInteger(first) && Number.isInteger(count);
  if (!whole || first < 0 || count < 0 || first + count > codeCount) {
    throw new AppError('internal', 'CODE_INDEX_RANGE', 'There is no code at this index.');
  }
}
