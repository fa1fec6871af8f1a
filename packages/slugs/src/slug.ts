import { AppError } from '@shortstack/errors';
import { reservedWords } from './reserved-words.ts';

/** What every slug looks like, custom or generated. Slugs are case-sensitive. */
export const slugPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether the text could be a slug. Reserved words are slugs in this sense: no link has them. */
export function isSlug(text: string): boolean {
  return slugPattern.test(text);
}

/**
 * Passes a slug that a new link may take, as far as its text decides that.
 *
 * Rude words pass: a custom slug is its owner's choice, and only generated codes leave them out.
 *
 * @throws AppError `invalid` / `SLUG_INVALID` where it is no slug, `unprocessable` / `SLUG_RESERVED`
 *   where it is a reserved word in any mixture of upper and lower case.
 */
export function assertUsableSlug(slug: string): void {
  if (!isSlug(slug)) {
    const message = 'A slug has 1 to 64 characters: letters, digits, "-" and "_".';
    throw new AppError('invalid', 'SLUG_INVALID', message, {
      fields: [{ path: '/slug', message }],
    });
  }
  if (reservedWords.has(slug.toLowerCase())) {
    throw new AppError(
      'unprocessable',
      'SLUG_RESERVED',
      'This slug is reserved. Choose another one.',
    );
  }
}
