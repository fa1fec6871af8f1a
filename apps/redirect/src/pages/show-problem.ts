import { type Problem, sendProblem } from '@shortstack/server';
import type { FastifyReply } from 'fastify';
import { escapeHtml } from './page.ts';
import { sendPage, wantsPage } from './send-page.ts';

const titles: Record<number, string> = {
  400: 'That address is not right',
  404: 'There is no such link',
  410: 'This link is no longer in use',
  429: 'Too many requests',
  503: 'Try again in a moment',
};

/** Errors as pages for browsers, as problem documents for everyone else. */
export function showProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (!wantsPage(reply.request)) return sendProblem(reply, problem);
  if (problem.retryAfterSeconds !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil(problem.retryAfterSeconds)));
  }
  return sendPage(
    reply,
    problem.status,
    titles[problem.status] ?? 'Something went wrong',
    `<p>${escapeHtml(problem.detail)}</p><p><small>Request ${escapeHtml(reply.request.id)}</small></p>`,
  );
}
