import type { FieldError } from '@shortstack/errors';

/** What a client is told about an error; `sendProblem` adds the request's id. */
export interface Problem {
  status: number;
  /** Stable: clients may rely on it. */
  code: string;
  /** Says what is wrong in words that may be shown. */
  detail: string;
  errors?: readonly FieldError[];
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number;
}
