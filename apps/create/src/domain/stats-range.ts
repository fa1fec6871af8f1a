import type { StatsQuery } from '@shortstack/contracts';
import { parseInstant } from './instant.ts';
import { assertTimeZone } from './time-zone.ts';
import { validationFailed } from './validation-failed.ts';

/** What to count: [from, to), in buckets of the interval as the time zone cuts them. */
export interface StatsRange {
  from: Date;
  to: Date;
  interval: 'minute' | 'hour' | 'day';
  timezone: string;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const intervalMs = { minute: minuteMs, hour: 60 * minuteMs, day: dayMs };
const maxPoints = 2_000;
/** Where they were not counted as such raw clicks are read, and there may be many. */
const maxMinutesRangeMs = dayMs;
const defaultRangeOf = { minute: 60 * minuteMs, hour: 7 * dayMs, day: 7 * dayMs };

/**
 * Fills in the defaults (by day, the given time zone, the last seven days; by minute the last hour) and checks what the schema can't.
 * @throws AppError `VALIDATION_FAILED`, saying which interval would do where there would be too many points.
 */
export function statsRange(query: StatsQuery, now: Date, defaultTimezone = 'UTC'): StatsRange {
  const { interval = 'day' } = query;
  const timezone = assertTimeZone(query.timezone ?? defaultTimezone);
  const to = query.to === undefined ? now : parseInstant(query.to, '/to');
  const from =
    query.from === undefined
      ? new Date(to.getTime() - defaultRangeOf[interval])
      : parseInstant(query.from, '/from');
  const rangeMs = to.getTime() - from.getTime();
  if (rangeMs <= 0) throw validationFailed([{ path: '/from', message: 'must lie before /to' }]);
  const isTooLong =
    rangeMs / intervalMs[interval] > maxPoints ||
    (interval === 'minute' && rangeMs > maxMinutesRangeMs);
  if (isTooLong) {
    throw validationFailed([{ path: '/interval', message: adviceFor(rangeMs) }]);
  }
  return { from, to, interval, timezone };
}

function adviceFor(rangeMs: number): string {
  const fits = (['hour', 'day'] as const).find((each) => rangeMs / intervalMs[each] <= maxPoints);
  return fits
    ? `is too short for this range: take "${fits}" or a shorter range`
    : `is too short for this range: at most ${maxPoints} days can be asked for`;
}
