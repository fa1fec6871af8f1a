import { type Problem, problemOf } from '@shortstack/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { linkNotFound } from '../domain/link-state.ts';

export type AnswerUnknown = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export interface AnswerUnknownOptions {
  /** Throws for a client that asks for too many slugs that don't exist. */
  limitUnknownSlugs: (address: string) => void;
  showProblem: (reply: FastifyReply, problem: Problem) => FastifyReply;
}

/**
 * Answers for slugs that are known not to exist. Scanners ask for many, and to throw an error costs more than the rest of
 * the answer; so what it would tell is worked out once.
 */
export function createUnknownAnswer(options: AnswerUnknownOptions): AnswerUnknown {
  const { limitUnknownSlugs, showProblem } = options;
  const notFound = problemOf(linkNotFound());
  return (request, reply) => {
    limitUnknownSlugs(request.ip);
    return showProblem(reply, notFound);
  };
}
