import { expect, test } from 'vitest';
import { statsRange } from './stats-range.ts';

const now = new Date('2026-11-21T10:20:30Z');
const at = (path: string) =>
  expect.objectContaining({ fields: [{ path, message: expect.any(String) }] });

test('the defaults are the last seven days by day, in UTC', () => {
  expect(statsRange({}, now)).toEqual({
    from: new Date('2026-11-14T10:20:30Z'),
    to: now,
    interval: 'day',
    timezone: 'UTC',
  });
  expect(statsRange({ interval: 'minute' }, now).from).toEqual(new Date('2026-11-21T09:20:30Z'));
});

test('a range of too many points is refused with the interval that would do', () => {
  const from = '2026-01-01T00:00:00Z';
  expect(() => statsRange({ from, interval: 'hour' }, now)).toThrow(/take "day"/);
  expect(() => statsRange({ from: '2026-11-10T00:00:00Z', interval: 'minute' }, now)).toThrow(
    /take "hour"/,
  );
  expect(() => statsRange({ from: '1990-01-01T00:00:00Z' }, now)).toThrow(/at most 2000 days/);
  expect(() => statsRange({ from }, now)).not.toThrow();
});

test('a range that is empty or backwards is refused', () => {
  const instant = '2026-11-20T00:00:00Z';
  expect(() => statsRange({ from: instant, to: instant }, now)).toThrow(at('/from'));
});

test('a time zone must have a name, not an offset', () => {
  for (const timezone of ['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires']) {
    expect(statsRange({ timezone }, now).timezone).toBe(timezone);
  }
  for (const timezone of [
    '',
    '+01:00',
    '-0500',
    'Mars/Olympus',
    "UTC'; --",
    'Europe/Berlin ',
    'ART',
    'PLT',
    'US/Pacific-New',
  ]) {
    expect(() => statsRange({ timezone }, now)).toThrow(at('/timezone'));
  }
});
