import { type Problem, problemOf, sendProblem } from '@shortstack/server';
import type { FastifyInstance } from 'fastify';
import { escapeHtml } from './page.ts';
import { sendPage, wantsPage } from './send-page.ts';

/** Errors as pages for browsers, as problem documents for everyone else. `logError` sees each. */
export function errorPages(app: FastifyInstance): void {
  const asProblem = app.errorHandler;
  app.setErrorHandler((error, request, reply) => {
    if (!wantsPage(request))
      return asProblem.call(app, error as Parameters<typeof asProblem>[0], request, reply);
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error }, problem.code);
    return sendErrorPage(problem, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = { status: 404, code: 'LINK_NOT_FOUND', detail: 'There is no such short link.' };
    return wantsPage(request) ? sendErrorPage(problem, reply) : sendProblem(reply, problem);
  });
}

const titles: Record<number, string> = {
  400: 'That address is not right',
  404: 'There is no such link',
  410: 'This link is no longer in use',
  429: 'Too many requests',
  503: 'Try again in a moment',
};

function sendErrorPage(problem: Problem, reply: Parameters<typeof sendPage>[0]) {
  if (problem.retryAfterSeconds !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(problem.retryAfterSeconds)));
  return sendPage(
    reply,
    problem.status,
    titles[problem.status] ?? 'Something went wrong',
    `<p>${escapeHtml(problem.detail)}</p><p><small>Request ${escapeHtml(reply.request.id)}</small></p>`,
  );
}
