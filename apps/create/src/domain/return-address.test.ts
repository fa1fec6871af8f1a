import { expect, test } from 'vitest';
import { returnAddress } from './return-address.ts';

const own = { appOrigin: 'https://app.example.com', origins: ['https://sho.rt'] };

test('signing in leads back to our own origins alone', () => {
  expect(returnAddress('https://sho.rt/abc?x=1', own)).toBe('https://sho.rt/abc?x=1');
  expect(returnAddress('/docs', own)).toBe('https://app.example.com/docs');
  for (const wanted of [
    undefined,
    '',
    'https://evil.example',
    '//evil.example/x',
    'https://sho.rt@evil.example/',
    'https://sho.rt.evil.example/',
    'http://sho.rt/abc',
    'javascript:alert(1)',
    '\\\\evil.example',
    'https://',
  ]) {
    expect(new URL(returnAddress(wanted, own)).origin).toBe('https://app.example.com');
  }
});
