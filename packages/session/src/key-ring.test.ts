import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyRing } from './key-ring.ts';
import { rememberOpened } from './remember-opened.ts';

const old = `old:${'o'.repeat(32)}`;
const fresh = `fresh:${'f'.repeat(32)}`;

test('any text comes back as it was, in its own context alone, and never looks the same twice', () => {
  const ring = createKeyRing(old);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, here, there) => {
      const sealed = ring.seal(text, here);
      expect(ring.open(sealed, here)).toBe(text);
      expect(ring.open(sealed, there)).toBe(here === there ? text : null);
      expect(ring.seal(text, here)).not.toBe(sealed);
    }),
  );
});

test('the first key encrypts and all decrypt, so that keys can be replaced one process at a time', () => {
  const [before, during, after] = [old, `${fresh}, ${old}`, fresh].map(createKeyRing);
  const sealedBefore = before?.seal('x', 'c') ?? '';
  const sealedDuring = during?.seal('x', 'c') ?? '';
  expect(sealedDuring).toMatch(/^fresh\./);
  expect(during?.open(sealedBefore, 'c')).toBe('x');
  expect(after?.open(sealedDuring, 'c')).toBe('x');
  expect(after?.open(sealedBefore, 'c')).toBeNull();
  expect(before?.open(sealedDuring, 'c')).toBeNull();
});

test('whatever was changed can not be opened', () => {
  const ring = createKeyRing(old);
  const sealed = ring.seal('some text', 'c');
  for (let at = 0; at < sealed.length - 1; at += 1) {
    const other = sealed[at] === 'A' ? 'B' : 'A';
    expect(ring.open(sealed.slice(0, at) + other + sealed.slice(at + 1), 'c')).toBeNull();
    expect(ring.open(sealed.slice(0, at), 'c')).toBeNull();
  }
});

test('a ring that remembers what it opened opens each value as often as asked, and still in its own context alone', () => {
  const ring = rememberOpened(createKeyRing(old));
  const sealed = Array.from({ length: 5_100 }, (_, n) => ring.seal(`text ${n}`, 'c'));
  for (const _round of [1, 2]) {
    for (const [n, value] of sealed.entries()) {
      expect(ring.open(value, 'c')).toBe(`text ${n}`);
    }
  }
  const newest = sealed.at(-1) ?? '';
  expect(ring.open(newest, 'elsewhere')).toBeNull();
  expect(ring.open(newest, 'c')).toBe('text 5099');
  expect(ring.open('old.changed', 'c')).toBeNull();
});

test.each(['', 'old', 'old:short', `${old},`, `${old},${old}`, `a.b:${'x'.repeat(32)}`])(
  'the ring "%s" is refused, and its secret not repeated',
  (written) => {
    expect(() => createKeyRing(written)).toThrow(RangeError);
    expect(() => createKeyRing(written)).not.toThrow(/oooo|xxxx/);
  },
);
