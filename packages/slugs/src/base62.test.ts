import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase62, toBase62 } from './base62.ts';

test('numbers are padded to the length, most significant digit first', () => {
  expect(toBase62(0, 7)).toBe('0000000');
  expect(toBase62(61, 3)).toBe('00z');
  expect(toBase62(62, 3)).toBe('010');
  expect(toBase62(62 ** 7 - 1, 7)).toBe('zzzzzzz');
});

test('what was written is read again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 62 ** 7 - 1 }), (value) => {
      expect(fromBase62(toBase62(value, 7))).toBe(value);
    }),
  );
});

test('text with another character is no number', () => {
  expect(fromBase62('abc-def')).toBeUndefined();
});
