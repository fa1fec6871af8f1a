import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeCount, createCodePermutation } from './code-permutation.ts';
import { createFeistel, feistelSize } from './feistel.ts';

const anyKey = fc.uint8Array({ minLength: 16, maxLength: 64 });
const anyIndex = fc.integer({ min: 0, max: codeCount - 1 });
const key = new Uint8Array(32).fill(7);

test('the network permutes 42 bits and undoes it', () => {
  fc.assert(
    fc.property(anyKey, fc.array(fc.integer({ min: 0, max: feistelSize - 1 })), (k, values) => {
      const feistel = createFeistel(k);
      const images = feistel.encrypt(values);
      expect(images.every((image) => image >= 0 && image < feistelSize)).toBe(true);
      expect(feistel.decrypt(images)).toEqual(values);
    }),
  );
});

test('codes are a bijection: every index comes back from its code', () => {
  fc.assert(
    fc.property(anyKey, anyIndex, (k, index) => {
      const permutation = createCodePermutation(k);
      const code = permutation.codeAt(index);
      expect(code).toMatch(/^[0-9A-Za-z]{7}$/);
      expect(permutation.indexOf(code)).toBe(index);
    }),
  );
});

test('codes are a bijection: every code has an index that gives it back', () => {
  const code = fc.stringMatching(/^[0-9A-Za-z]{7}$/);
  fc.assert(
    fc.property(anyKey, code, (k, text) => {
      const permutation = createCodePermutation(k);
      expect(permutation.codeAt(permutation.indexOf(text) ?? -1)).toBe(text);
    }),
  );
});

test('a run of 50,000 codes has no two alike and is the same as one by one', () => {
  const permutation = createCodePermutation(key);
  const codes = permutation.codesFrom(1_000_000, 50_000);
  expect(new Set(codes).size).toBe(50_000);
  for (const i of [0, 1, 499, 49_999]) expect(codes[i]).toBe(permutation.codeAt(1_000_000 + i));
});

test('neighbouring indexes have codes that share nothing but chance', () => {
  const codes = createCodePermutation(key).codesFrom(0, 20_000);
  const alike = codes.filter((code, i) => code.slice(0, 2) === codes[i + 1]?.slice(0, 2));
  expect(alike.length).toBeLessThan(25); // about 20,000 / 62² = 5 by chance
  expect([...codes].sort()).not.toEqual(codes);
});

test('another key gives other codes', () => {
  const other = createCodePermutation(new Uint8Array(32).fill(8));
  expect(other.codesFrom(0, 100)).not.toEqual(createCodePermutation(key).codesFrom(0, 100));
});

test('the codes of a key never change between releases', () => {
  const permutation = createCodePermutation(key);
  expect(permutation.codesFrom(0, 3)).toEqual(['7DMFYFR', 'lpNGtis', 'T34uI1B']);
  expect(permutation.codeAt(BigInt(codeCount) - 1n)).toBe('HhuXb5R');
});

test('an index outside [0, 62^7) is refused, a code of another form has none', () => {
  const permutation = createCodePermutation(key);
  const outside = expect.objectContaining({ kind: 'internal', code: 'CODE_INDEX_RANGE' });
  for (const index of [-1, codeCount, 0.5, Number.NaN, 2n ** 64n]) {
    expect(() => permutation.codeAt(index)).toThrow(outside);
  }
  expect(() => permutation.codesFrom(codeCount - 1, 2)).toThrow(outside);
  for (const text of ['', 'abc', 'abcdefgh', 'abc-def'])
    expect(permutation.indexOf(text)).toBeUndefined();
});

test('a key that could be guessed is refused', () => {
  expect(() => createCodePermutation(new Uint8Array(15))).toThrow(
    expect.objectContaining({ code: 'CODE_KEY_TOO_SHORT' }),
  );
});
