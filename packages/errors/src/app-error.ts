/** What went wrong, in terms that every service shares. `packages/server` turns a kind into an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** One fault of an input: where it is (a JSON pointer, or a variable's name) and what is wrong with it. */
export interface FieldError {
  path: string;
  message: string;
}

export interface AppErrorOptions {
  /** The error that led here. Kept and logged, never sent to a client. */
  cause?: unknown;
  /** When trying again makes sense, in whole seconds. Sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** Every fault of an invalid input. */
  fields?: FieldError[];
}

/**
 * The one error type of Shortstack. `message` is shown to clients, so it says what to do and
 * contains no secret; `code` is stable and may be relied on.
 */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: FieldError[] | undefined;

  constructor(kind: ErrorKind, code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = kind;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.fields = options.fields;
  }
}

/** A dependency is away: answered with 503 and `Retry-After` (default 1 s). */
export function unavailable(
  code: string,
  message: string,
  options: AppErrorOptions = {},
): AppError {
  return new AppError('unavailable', code, message, { retryAfterSeconds: 1, ...options });
}
