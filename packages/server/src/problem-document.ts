import { STATUS_CODES } from 'node:http';
import { AppError, type ErrorKind } from '@shortstack/errors';
import type { FastifyReply } from 'fastify';
import { problemOfFrameworkError } from './framework-problems.ts';
import type { Problem } from './problem.ts';

/** The one place where kinds become HTTP statuses. */
const statusOfKind: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

/** A client can make that many faults in a field each; more tell it nothing new. */
const maxErrors = 20;

/**
 * Maps anything thrown to what a client may know of it. An AppError speaks for itself, except that of kind
 * `internal`; Fastify's own errors are translated; everything else is a bare 500 `INTERNAL_ERROR`.
 */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof AppError)) return problemOfFrameworkError(error) ?? internalProblem;
  if (error.kind === 'internal') return internalProblem;
  const { code, message, fields, retryAfterSeconds } = error;
  const problem: Problem = { status: statusOfKind[error.kind], code, detail: message };
  if (fields) problem.errors = fields.slice(0, maxErrors);
  if (retryAfterSeconds !== undefined) problem.retryAfterSeconds = retryAfterSeconds;
  else if (problem.status === 503) problem.retryAfterSeconds = 1;
  return problem;
}

const internalProblem: Problem = {
  status: 500,
  code: 'INTERNAL_ERROR',
  detail: 'Something went wrong on our side. The request id finds it in our log.',
};

/**
 * The body of a problem document.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function renderProblem(problem: Problem, requestId: string): string {
  const { status, code, detail, errors } = problem;
  const title = STATUS_CODES[status] ?? 'Error';
  return JSON.stringify({ type: 'about:blank', title, status, detail, code, requestId, errors });
}

/** `renderProblem` for a problem that many requests share: rendered once, and each time a request's id is put in. */
export function problemTemplate(problem: Problem): (requestId: string) => string {
  const [before = '', after = ''] = renderProblem(problem, '\n').split('\\n');
  return (requestId) => before + requestId + after;
}

/** Answers with `application/problem+json`, and `Retry-After` where it applies. Throws nothing, logs nothing. */
export function sendProblem(
  reply: FastifyReply,
  problem: Problem,
  body = renderProblem(problem, reply.request.id),
): FastifyReply {
  if (problem.retryAfterSeconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(problem.retryAfterSeconds)));
  }
  return reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer(asIs)
    .send(body);
}

// The body is text already; a route's response schema must not touch it.
function asIs(body: unknown): string {
  return body as string;
}
