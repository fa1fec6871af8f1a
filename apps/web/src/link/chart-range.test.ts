import { expect, test } from 'vitest';
import {
  intervalOf,
  intervalsOf,
  markPlaces,
  presets,
  rangeOfDays,
  rangeOfPreset,
} from './chart-range.ts';

const now = Date.parse('2026-05-10T12:00:00Z');

test.each([
  ['24h', ['minute', 'hour'], 'hour'],
  ['7d', ['hour', 'day'], 'day'],
  ['30d', ['hour', 'day'], 'day'],
  ['90d', ['day'], 'day'],
  ['1y', ['day'], 'day'],
] as const)('%s may be cut into %j, and is into %s', (preset, allowed, chosen) => {
  const range = rangeOfPreset(preset, now);
  expect(intervalsOf(range)).toEqual(allowed);
  expect(intervalOf(range, null)).toBe(chosen);
});

test('what was chosen is kept where the new range allows it', () => {
  expect(intervalOf(rangeOfPreset('30d', now), 'hour')).toBe('hour');
  expect(intervalOf(rangeOfPreset('90d', now), 'hour')).toBe('day');
});

test('every range has an interval that the API allows', () => {
  for (const { value } of presets) {
    const range = rangeOfPreset(value, now);
    expect(intervalsOf(range)).toContain(intervalOf(range, null));
  }
});

test('days are whole, both included, also where the clock changes', () => {
  const range = rangeOfDays('2026-03-29', '2026-03-29');
  expect(range && new Date(range.toMs).getDate()).toBe(30);
  expect(rangeOfDays('2026-05-02', '2026-05-01')).toBeNull();
  expect(rangeOfDays('', '2026-05-01')).toBeNull();
});

test('marks stand at round times, and at the last day', () => {
  const from = new Date(2026, 4, 10, 9, 53).getTime();
  const every = (stepMs: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({
      time: new Date(from + at * stepMs).toISOString(),
    }));
  expect(markPlaces(every(60_000, 40), 'minute', 15)).toEqual([7, 22, 37]);
  expect(markPlaces(every(3_600_000, 12), 'hour', 6)).toEqual([3, 9]);
  expect(markPlaces(every(86_400_000, 8), 'day', 2)).toEqual([1, 3, 5, 7]);
  expect(markPlaces([], 'day', 2)).toEqual([]);
});
