import { expect, test } from 'vitest';
import { brief, countdown, duration, mebibytes, percent, perSecond } from './format-figure.ts';

test('figures have at most three digits', () => {
  expect([0, 0.04, 0.44, 9.96, 12.4, 999.4, 999.9, 1_234, 56_789, 1.2e6, 3e9].map(brief)).toEqual([
    ...['0', '0', '0.4', '10', '12', '999', '1k', '1.2k', '57k', '1.2M', '3G'],
  ]);
  expect(perSecond(5_600)).toBe('5.6k/s');
  expect(mebibytes(2_202_009)).toBe('2.1 MiB');
});

test('a share is 100 % only when all of it is', () => {
  expect([0, 0.5, 0.98, 0.9996, 1].map(percent)).toEqual([
    '0 %',
    '50 %',
    '98 %',
    '99.9 %',
    '100 %',
  ]);
});

test('times are in their two largest units', () => {
  expect([0, 59_000, 3_700_000, 266_400_000].map(duration)).toEqual([
    ...['0 s', '59 s', '1 h 1 min', '3 d 2 h'],
  ]);
  expect([0, 9, 61, 300].map(countdown)).toEqual(['0:00', '0:09', '1:01', '5:00']);
});
