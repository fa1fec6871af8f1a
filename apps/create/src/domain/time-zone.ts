import { validationFailed } from './validation-failed.ts';

/** Returns the name of a time zone. @throws AppError `VALIDATION_FAILED` at `/timezone` for anything else. */
export function assertTimeZone(name: string): string {
  // Most don't ask for another one, and asking for a calendar takes a fifth of a millisecond.
  if (name === 'UTC' || isTimeZone(name)) return name;
  throw validationFailed([{ path: '/timezone', message: 'must be the IANA name of a time zone' }]);
}

/**
 * Offsets such as "+05:30" are no names, and PostgreSQL reads their sign the other way round. Abbreviations such as ART
 * mean other places to PostgreSQL than to JavaScript, and US/Pacific-New was never a place.
 */
function isTimeZone(name: string): boolean {
  if (!/^(UTC|[A-Za-z][A-Za-z0-9_+-]*\/[A-Za-z0-9_+/-]+)$/.test(name)) return false;
  if (name.toLowerCase() === 'us/pacific-new') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
