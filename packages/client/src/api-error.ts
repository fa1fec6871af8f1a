import type { components } from './api.gen.ts';

/** An RFC 9457 problem document, as every error of the API is. */
export type Problem = components['schemas']['Problem'];

/** What the API, or a proxy in front of it, refused: `detail` is the message, and may be shown to people. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** Stable, such as `SLUG_TAKEN`; `UNEXPECTED_ANSWER` where the answer was no problem document. */
  readonly code: string;
  /** Finds the request in the services' logs. */
  readonly requestId: string | undefined;
  /** Which fields of the request are wrong, and how. */
  readonly errors: Problem['errors'];
  /** From `Retry-After`, where that is a number. */
  readonly retryAfterSeconds: number | undefined;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    super(problem?.detail ?? `The server answered ${response.status} without saying why.`);
    this.status = response.status;
    this.code = problem?.code ?? 'UNEXPECTED_ANSWER';
    this.requestId = problem?.requestId ?? response.headers.get('x-request-id') ?? undefined;
    this.errors = problem?.errors;
    const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
