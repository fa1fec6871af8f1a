import { type Problem, problemOf, sendProblem } from '@shortstack/server';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { escapeHtml } from './page.ts';
import { sendPage, wantsPage } from './send-page.ts';

const titles: Record<number, string> = {
  403: 'Not for you',
  404: 'There is nothing here',
  503: 'Try again in a moment',
};

/** Errors as pages for browsers, as problem documents for everyone else. */
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
    const problem = { status: 404, code: 'NOT_FOUND', detail: 'There is nothing here.' };
    return wantsPage(request) ? sendErrorPage(problem, reply) : sendProblem(reply, problem);
  });
}

function sendErrorPage(problem: Problem, reply: FastifyReply): FastifyReply {
  const { status, detail, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)));
  const body = `<p>${escapeHtml(detail)}</p><p><small>Request ${escapeHtml(reply.request.id)}</small></p>`;
  // A page that failed for a while comes back by itself, as the overview does.
  const refresh = status === 503 ? { refreshSeconds: 5 } : {};
  return sendPage(reply, status, titles[status] ?? 'Something went wrong', body, refresh);
}
