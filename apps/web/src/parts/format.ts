const number = new Intl.NumberFormat('en');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const dayAndTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function formatNumber(value: number): string {
  return number.format(value);
}

/** "2 clicks", "1 click". */
export function formatCount(value: number, one: string, many = `${one}s`): string {
  return `${number.format(value)} ${value === 1 ? one : many}`;
}

const steps: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago", "in 2 days"; a date where that is more than 30 days away. */
export function formatWhen(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1_000;
  if (Math.abs(seconds) > 30 * 86_400) return day.format(new Date(time));
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step ? relative.format(Math.round(seconds / step[1]), step[0]) : 'just now';
}

export function formatTime(time: string): string {
  return dayAndTime.format(new Date(time));
}

/** An address as people read it: without scheme, `www.` and the slash at its end. */
export function formatAddress(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
}
