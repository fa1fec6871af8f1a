export type Interval = 'minute' | 'hour' | 'day';

export interface Range {
  fromMs: number;
  toMs: number;
}

const dayMs = 86_400_000;

export const presets = [
  { value: '24h', label: '24 hours', days: 1 },
  { value: '7d', label: '7 days', days: 7 },
  { value: '30d', label: '30 days', days: 30 },
  { value: '90d', label: '90 days', days: 90 },
  { value: '1y', label: 'A year', days: 365 },
] as const;
export type Preset = (typeof presets)[number]['value'];

export function rangeOfPreset(preset: Preset, nowMs: number): Range {
  const days = presets.find(({ value }) => value === preset)?.days ?? 7;
  return { fromMs: nowMs - days * dayMs, toMs: nowMs };
}

/** From the first moment of one day to the last of another, as `<input type="date">` has them. Null where that is no range. */
export function rangeOfDays(first: string, last: string): Range | null {
  const fromMs = new Date(`${first}T00:00`).getTime();
  const end = new Date(`${last}T00:00`);
  // Not a fixed length: a day may have 23 or 25 hours.
  end.setDate(end.getDate() + 1);
  const toMs = end.getTime();
  return fromMs < toMs ? { fromMs, toMs } : null;
}

/** What a range may be cut into: the API gives at most 2,000 points, and minutes of a day at most. */
export function intervalsOf({ fromMs, toMs }: Range): Interval[] {
  const lengthMs = toMs - fromMs;
  return [
    ...(lengthMs <= dayMs ? (['minute'] as const) : []),
    ...(lengthMs <= 2_000 * 3_600_000 ? (['hour'] as const) : []),
    // One point is no series.
    ...(lengthMs > dayMs ? (['day'] as const) : []),
  ];
}

/** The one that is wanted where the range allows it; else the one that suits it: some 20 to 100 points. */
export function intervalOf(range: Range, wanted: Interval | null): Interval {
  const allowed = intervalsOf(range);
  if (wanted !== null && allowed.includes(wanted)) return wanted;
  return range.toMs - range.fromMs <= 3 * dayMs ? 'hour' : 'day';
}

/** The same in few words, for an axis: "14:30", "Nov 3". */
export function markLabel(time: string | undefined, interval: Interval): string {
  if (time === undefined) return '';
  const date = new Date(time);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return interval === 'day' || isMidnight
    ? date.toLocaleDateString('en', { day: 'numeric', month: 'short' })
    : date.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** Which buckets of a series get a mark if each so many-th does: round times of the day, or the last day and those before it. */
export function markPlaces(
  series: readonly { time: string }[],
  interval: Interval,
  step: number,
): number[] {
  const first =
    interval === 'day'
      ? (series.length - 1) % step
      : series.findIndex(({ time }) => placeInDay(time, interval) % step === 0);
  const places: number[] = [];
  for (let at = Math.max(first, 0); at < series.length; at += step) places.push(at);
  return places;
}

function placeInDay(time: string, interval: 'minute' | 'hour'): number {
  const date = new Date(time);
  return interval === 'hour' ? date.getHours() : date.getHours() * 60 + date.getMinutes();
}

/** How the moment a bucket begins is called. */
export function bucketLabel(time: string | number, interval: Interval): string {
  const format: Intl.DateTimeFormatOptions =
    interval === 'day'
      ? { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }
      : { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
  return new Date(time).toLocaleString('en', format);
}
