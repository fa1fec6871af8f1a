import { expect, test } from 'vitest';
import { checkName, limiterKey } from './limiter-key.ts';

test.each(['203.0.113.9', '2001:db8:1:2::', 'user@example.com', 'a'.repeat(64)])(
  'the plain key %s stays readable',
  (key) => {
    expect(limiterKey(key)).toBe(key);
  },
);

test.each(['', 'a'.repeat(65), 'x'.repeat(1_000_000), '{slot}', 'a b', 'ключ', 'a\r\nb', '#', '*'])(
  'a key that a client made up becomes a short hash (%#)',
  (key) => {
    expect(limiterKey(key)).toMatch(/^#[A-Za-z0-9_-]{43}$/);
  },
);

test('different keys stay different', () => {
  expect(limiterKey('a b')).not.toBe(limiterKey('a  b'));
});

test.each(['', 'Login', 'a b', '1st', 'a"b', 'x'.repeat(41)])(
  'the name "%s" is refused',
  (name) => {
    expect(() => checkName(name)).toThrow(RangeError);
  },
);
