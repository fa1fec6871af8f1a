import { AppError } from '@shortstack/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reservedWords } from './reserved-words.ts';
import { assertUsableSlug, isSlug } from './slug.ts';

test('a slug is 1 to 64 letters, digits, dashes and underscores', () => {
  for (const slug of ['a', 'A-b_9', '-', '_', 'x'.repeat(64)]) expect(isSlug(slug)).toBe(true);
  for (const text of ['', 'x'.repeat(65), 'a b', 'a/b', 'a.b', 'ä', 'a\n', '\na', 'a+', '💥']) {
    expect(isSlug(text)).toBe(false);
  }
});

test('any text is either a slug of allowed characters or no slug', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (text) => {
      const allowed = text.replace(/[A-Za-z0-9_-]/g, '') === '';
      expect(isSlug(text)).toBe(allowed && text.length >= 1 && text.length <= 64);
    }),
  );
});

test('reserved words are refused in any mixture of cases', () => {
  for (const slug of [
    'api',
    'API',
    'Docs',
    'ops',
    'aDmin',
    'login',
    'health',
    'favicon',
    'Robots',
  ]) {
    expect(() => assertUsableSlug(slug)).toThrow(
      expect.objectContaining({ kind: 'unprocessable', code: 'SLUG_RESERVED' }),
    );
  }
});

test('what is no slug is refused as invalid and names its field', () => {
  expect(() => assertUsableSlug('robots.txt')).toThrow(AppError);
  expect(() => assertUsableSlug('robots.txt')).toThrow(
    expect.objectContaining({
      kind: 'invalid',
      code: 'SLUG_INVALID',
      fields: [{ path: '/slug', message: expect.any(String) }],
    }),
  );
});

test('a custom slug may hold a rude word, or a reserved one as a part', () => {
  expect(() => assertUsableSlug('holy-shit')).not.toThrow();
  expect(() => assertUsableSlug('api-2026')).not.toThrow();
});

test('every reserved word is a lower-case slug, or it would never match', () => {
  for (const word of reservedWords) expect(word).toMatch(/^[a-z0-9_-]{1,64}$/);
});
