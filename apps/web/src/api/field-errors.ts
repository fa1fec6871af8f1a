import { ApiError } from '@shortstack/client';

/** Codes that are about one field, and say so only by their name. */
const fieldOfCode: Record<string, string> = {
  SLUG_TAKEN: 'slug',
  SLUG_RESERVED: 'slug',
  URL_NOT_ALLOWED: 'url',
};

/** What the API said about single fields of a body, by the field's name. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const field = fieldOfCode[error.code];
  if (field !== undefined) return { [field]: error.message };
  return Object.fromEntries(
    (error.errors ?? []).map(({ path, message }) => [path.split('/')[1] ?? '', sentence(message)]),
  );
}

/** "must be a valid date" → "This must be a valid date." */
function sentence(message: string): string {
  return `${/^[a-z]/.test(message) ? `This ${message}` : message}${/[.!?]$/.test(message) ? '' : '.'}`;
}
