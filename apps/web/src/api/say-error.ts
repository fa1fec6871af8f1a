import { ApiError } from '@shortstack/client';

/** What went wrong, in words for people, and what they can do. */
export function sayError(error: unknown): string {
  if (error instanceof ApiError) {
    const wrong = error.errors?.map(({ message }) => message).join(' ');
    if (error.code === 'VALIDATION_FAILED' && wrong) return wrong;
    if (error.status === 429 && error.retryAfterSeconds !== undefined) {
      return `${error.message} Try again in ${error.retryAfterSeconds} s.`;
    }
    if (error.status === 500 && error.requestId !== undefined) {
      return `${error.message} (${error.requestId})`;
    }
    return error.message;
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return 'The server did not answer in time. Try again in a moment.';
  }
  if (error instanceof TypeError) {
    return 'The server can’t be reached. Check your connection and try again.';
  }
  return 'Something went wrong here. Load the page again.';
}
