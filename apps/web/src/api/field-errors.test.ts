import { ApiError } from '@shortstack/client';
import { expect, test } from 'vitest';
import { fieldErrors } from './field-errors.ts';

const refuse = (problem: object) => new ApiError(new Response(null, { status: 400 }), problem);

test('what is wrong with fields is told by their names, as sentences', () => {
  const error = refuse({
    code: 'VALIDATION_FAILED',
    detail: 'The request is not valid.',
    errors: [
      { path: '/expiresAt', message: 'must lie in the future' },
      { path: '/tags/0', message: 'must not be empty.' },
    ],
  });
  expect(fieldErrors(error)).toEqual({
    expiresAt: 'This must lie in the future.',
    tags: 'This must not be empty.',
  });
});

test('a code that is about one field is told there', () => {
  const error = refuse({ code: 'SLUG_TAKEN', detail: 'The slug "a" is taken.' });
  expect(fieldErrors(error)).toEqual({ slug: 'The slug "a" is taken.' });
});

test('what never reached the API is about no field', () => {
  expect(fieldErrors(new TypeError('Failed to fetch'))).toEqual({});
});
