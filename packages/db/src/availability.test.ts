import { unavailable } from '@shortstack/errors';
import { expect, test } from 'vitest';
import { asAvailabilityError, isDatabaseUnavailable } from './availability.ts';

const failure = (code: string | undefined, message = 'failed') =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

test('a database that is away, overloaded or restarting is unavailable; a wrong query is not', () => {
  for (const code of [
    'ECONNREFUSED',
    'EPIPE',
    'ECONNRESET',
    '57P01',
    '57014',
    '53300',
    '08006',
    '40P01',
    '25P04',
  ]) {
    expect(isDatabaseUnavailable(failure(code)), code).toBe(true);
  }
  expect(isDatabaseUnavailable(failure(undefined, 'Connection terminated unexpectedly'))).toBe(
    true,
  );
  for (const code of ['23505', '42501', '42P01', '22P02', 'XX000']) {
    expect(isDatabaseUnavailable(failure(code)), code).toBe(false);
  }
  expect(isDatabaseUnavailable(new TypeError('x is not a function'))).toBe(false);
});

test('an error that Drizzle wrapped is judged by what PostgreSQL said', () => {
  const wrapped = new Error('Failed query: select …', { cause: failure('57P01') });
  expect(isDatabaseUnavailable(wrapped)).toBe(true);
});

test('whether PostgreSQL does not answer or is not asked, callers see one error', () => {
  for (const error of [failure('ECONNREFUSED'), unavailable('CIRCUIT_OPEN', 'Not now.')]) {
    const seen = asAvailabilityError(error);
    expect(seen).toMatchObject({ kind: 'unavailable', code: 'DATABASE_UNAVAILABLE', cause: error });
  }
  // A breaker whose probe fails with it stays open.
  const away = asAvailabilityError(failure('ECONNREFUSED'));
  expect(isDatabaseUnavailable(away)).toBe(true);
  expect(asAvailabilityError(away)).toBe(away);
  const wrong = failure('23505');
  expect(asAvailabilityError(wrong)).toBe(wrong);
});
