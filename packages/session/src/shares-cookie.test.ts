import { expect, test } from 'vitest';
import { sharesCookie } from './shares-cookie.ts';

test.each<[string, string, string | undefined, boolean]>([
  ['http://localhost:3001', 'http://localhost:3000', undefined, true],
  ['http://127.0.0.1:3001', 'http://localhost:3000', undefined, false],
  ['https://go.example.com', 'https://app.example.com', undefined, false],
  ['https://go.example.com', 'https://app.example.com', 'example.com', true],
  ['https://example.com', 'https://app.example.com', '.Example.com', true],
  ['https://notexample.com', 'https://app.example.com', 'example.com', false],
  ['https://sho.rt', 'https://app.example.com', 'example.com', false],
  ['http://go.example.com', 'https://app.example.com', 'example.com', false],
])('%s gets the cookie of %s with the domain %s: %s', (origin, setBy, domain, expected) => {
  expect(sharesCookie(origin, { setBy, domain })).toBe(expected);
});
