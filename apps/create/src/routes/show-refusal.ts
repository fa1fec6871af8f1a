import { type Page, type Problem, problemOf, sendPage } from '@shortstack/server';
import type { FastifyReply } from 'fastify';

/** A page of what went wrong, with the status and `Retry-After` of its problem. Throws on what nobody is to know. */
export function showRefusal(
  reply: FastifyReply,
  error: unknown,
  pageOf: (problem: Problem) => Page,
): FastifyReply {
  const problem = problemOf(error);
  const { status, retryAfterSeconds } = problem;
  if (status === 500) throw error;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.ceil(retryAfterSeconds));
  return sendPage(reply, status, pageOf(problem));
}
