export { type CodePermutation, codeCount, createCodePermutation } from './code-permutation.ts';
export { makeCodes } from './make-codes.ts';
export { assertUsableSlug, isSlug, slugPattern } from './slug.ts';
