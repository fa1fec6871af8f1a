import { AppError } from '@shortstack/errors';
import type { Decision } from './decision.ts';

/** What headers are written to. A Fastify reply fits. */
interface HeaderSink {
  header(name: string, value: string): unknown;
}

/**
 * Sends `RateLimit-Policy` (how much is allowed), `RateLimit` (what is left of it, and how long until there is more) and, on a
 * refusal, `Retry-After`. Call it before the reply is sent, on refusals and successes alike.
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-10
 */
export function sendRateLimitHeaders(reply: HeaderSink, decision: Decision): void {
  const { name, limit, windowSeconds } = decision.policy;
  reply.header('ratelimit-policy', `"${name}";q=${limit};w=${windowSeconds}`);
  reply.header('ratelimit', `"${name}";r=${decision.remaining};t=${decision.resetSeconds}`);
  if (!decision.allowed) reply.header('retry-after', String(decision.retryAfterSeconds));
}

/** The error of a refusal: kind `rate_limited`, code `RATE_LIMITED`, with the seconds to wait. */
export function rateLimited(decision: Decision): AppError {
  const { retryAfterSeconds } = decision;
  return new AppError(
    'rate_limited',
    'RATE_LIMITED',
    `Too many requests. Try again in ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
