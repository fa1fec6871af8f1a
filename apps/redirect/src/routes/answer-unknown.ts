import type { AppError } from '@shortstack/errors';
import { type Decision, rateLimited } from '@shortstack/rate-limit';
import {
  type Problem,
  problemOf,
  problemTemplate,
  sendProblem,
  wantsPage,
} from '@shortstack/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { linkNotFound } from '../domain/link-state.ts';

export type AnswerUnknown = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export interface AnswerUnknownOptions {
  /** Returns the refusal for a client that asks for too many slugs that don't exist, null for all others. */
  refuseUnknownSlugs: (address: string) => Decision | null;
  showProblem: (reply: FastifyReply, problem: Problem) => FastifyReply;
}

/**
 * Answers for slugs that don't exist: 404, or 429 for whoever asks for too many. Scanners ask for many, and to throw an error
 * costs more than the rest of the answer; so what it would tell is worked out once.
 */
export function createUnknownAnswer(options: AnswerUnknownOptions): AnswerUnknown {
  const { refuseUnknownSlugs, showProblem } = options;
  const unknown = prepare(linkNotFound());
  let tooMany: ReturnType<typeof prepare> | undefined;
  return (request, reply) => {
    const refusal = refuseUnknownSlugs(request.ip);
    if (refusal && tooMany?.problem.retryAfterSeconds !== refusal.retryAfterSeconds) {
      tooMany = prepare(rateLimited(refusal));
    }
    const { problem, body } = (refusal && tooMany) || unknown;
    return wantsPage(request)
      ? showProblem(reply, problem)
      : sendProblem(reply, problem, body(request.id));
  };
}

function prepare(error: AppError) {
  const problem = problemOf(error);
  return { problem, body: problemTemplate(problem) };
}
