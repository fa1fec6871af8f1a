import { STATUS_CODES } from 'node:http';
import type { Problem } from './problem.ts';

/** Fastify's errors that a client can cause. */
const problems: Record<string, Problem> = {
  FST_ERR_BAD_URL: {
    status: 400,
    code: 'URL_INVALID',
    detail: 'The path is not valid percent-encoded UTF-8.',
  },
  // No route takes so long a parameter, so there is nothing under that path.
  FST_ERR_MAX_PARAM_LENGTH: { status: 404, code: 'NOT_FOUND', detail: 'There is nothing here.' },
  FST_ERR_NOT_FOUND: { status: 404, code: 'NOT_FOUND', detail: 'There is nothing here.' },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'BODY_TOO_LARGE',
    detail: 'The request body is larger than this call accepts.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'BODY_LENGTH_MISMATCH',
    detail: 'The request body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'MEDIA_TYPE_UNSUPPORTED',
    detail: 'The Content-Type is none that this call accepts. Send application/json.',
  },
  FST_ERR_HANDLER_TIMEOUT: {
    status: 503,
    code: 'TIMEOUT',
    detail: 'The request took too long. Try again.',
    retryAfterSeconds: 1,
  },
};

interface FrameworkError {
  code?: unknown;
  statusCode?: unknown;
}

/**
 * Translates an error of Fastify or one of its plugins. Those with a 4xx status that the table does not know keep the
 * status and get a generic code, since their messages were not written for clients. Returns undefined for all others.
 */
export function problemOfFrameworkError(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, statusCode } = error as FrameworkError;
  if (typeof code === 'string' && Object.hasOwn(problems, code)) return problems[code];
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  return {
    status: statusCode,
    code: codeOfStatus(statusCode),
    detail: `The request was refused: ${STATUS_CODES[statusCode] ?? 'client error'}.`,
  };
}

/** 400 → `BAD_REQUEST`. */
function codeOfStatus(status: number): string {
  return (STATUS_CODES[status] ?? 'Bad Request').toUpperCase().replace(/[^A-Z]+/g, '_');
}
