import { expect, test } from 'vitest';
import { type CodePermutation, createCodePermutation } from './code-permutation.ts';
import { makeCodes } from './make-codes.ts';
import { isRude } from './rude-words.ts';

const permutation = createCodePermutation(new Uint8Array(32).fill(7));

test('blocks of consecutive indexes share no code', () => {
  const codes = [0, 1000, 2000].flatMap((first) => makeCodes(permutation, first, 1000));
  expect(new Set(codes).size).toBe(codes.length);
});

test('few codes of a block are left out, and none of the rest is rude', () => {
  const codes = makeCodes(permutation, 0n, 20_000);
  expect(codes.length).toBeGreaterThan(19_600);
  expect(codes.length).toBeLessThan(20_000);
  expect(codes.some(isRude)).toBe(false);
});

test('reserved words are left out in any mixture of cases, rude ones with look-alikes too', () => {
  const fixed: CodePermutation = {
    codeAt: () => '',
    indexOf: () => undefined,
    codesFrom: () => ['Metrics', 'FAVICON', 'xxFuCkx', '5h1T000', 'aFVCKb1', 'good123'],
  };
  expect(makeCodes(fixed, 0, 6)).toEqual(['good123']);
});

test('look-alike characters hide no rude word', () => {
  for (const code of ['a55', 'sH1t', 'pu5sy', 'd1Ck', 'N1gg', 'wh0re', 'cvnt', 'b00b'])
    expect(isRude(`x${code}q`)).toBe(true);
  for (const code of ['Abc1234', 'QK6y4Cg', '0000000', 'rhythm0']) expect(isRude(code)).toBe(false);
});
