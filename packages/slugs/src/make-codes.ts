import type { CodePermutation } from './code-permutation.ts';
import { reservedWords } from './reserved-words.ts';
import { isRude } from './rude-words.ts';

/**
 * The codes of `count` consecutive indexes, without reserved and rude ones: so usually a few fewer than
 * `count`. Whoever takes the next indexes begins at `firstIndex + count`, however many codes came out.
 *
 * Whether a custom slug has taken a code meanwhile only the database knows.
 *
 * Cost: about 2 ms per 1,000 codes, synchronous; ask for thousands, not for millions at once.
 *
 * @throws AppError `internal` / `CODE_INDEX_RANGE` past the last of 62^7 indexes.
 */
export function makeCodes(
  permutation: CodePermutation,
  firstIndex: number | bigint,
  count: number,
): string[] {
  return permutation
    .codesFrom(firstIndex, count)
    .filter((code) => !reservedWords.has(code.toLowerCase()) && !isRude(code));
}
