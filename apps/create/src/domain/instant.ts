import { validationFailed } from './validation-failed.ts';

/**
 * The instant of an RFC 3339 text that has passed its schema. A leap second, which the schema lets through, is none
 * that JavaScript knows. An offset may push a date out of the four-digit years that can be written back. @throws AppError `VALIDATION_FAILED` at `path`.
 */
export function parseInstant(text: string, path: string): Date {
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  if (Number.isNaN(year) || year < 1 || year > 9999) {
    throw validationFailed([{ path, message: 'must be a point in time that exists' }]);
  }
  return instant;
}

/** As `parseInstant`, and it must lie after `now`. */
export function parseFutureInstant(text: string, path: string, now: Date): Date {
  const instant = parseInstant(text, path);
  if (instant <= now) throw validationFailed([{ path, message: 'must lie in the future' }]);
  return instant;
}
