import { expect, test } from 'vitest';
import { formatAddress, formatCount, formatWhen } from './format.ts';

const now = Date.parse('2026-05-10T12:00:00Z');

test.each([
  ['2026-05-10T11:59:30Z', 'just now'],
  ['2026-05-10T11:55:00Z', '5 minutes ago'],
  ['2026-05-10T09:00:00Z', '3 hours ago'],
  ['2026-05-09T12:00:00Z', 'yesterday'],
  ['2026-05-12T12:00:00Z', 'in 2 days'],
  ['2025-01-02T12:00:00Z', 'Jan 2, 2025'],
])('%s is %s', (time, text) => {
  expect(formatWhen(time, now)).toBe(text);
});

test('a count has the right word with it', () => {
  expect([formatCount(1, 'click'), formatCount(12_345, 'click')]).toEqual([
    '1 click',
    '12,345 clicks',
  ]);
});

test('an address is shown without what all have', () => {
  expect(formatAddress('https://www.example.com/a/?b=1')).toBe('example.com/a/?b=1');
  expect(formatAddress('http://example.com/')).toBe('example.com');
});
