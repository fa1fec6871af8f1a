import { type Problem, sendProblem } from '@shortstack/server';
import type { FastifyReply } from 'fastify';
import { escapeHtml } from './page.ts';
import { sendPage, wantsPage } from './send-page.ts';

const titles: Record<number, string> = {
  403: 'Not for you',
  404: 'There is nothing here',
  503: 'Try again in a moment',
};

/** Errors as pages for browsers, as problem documents for everyone else. */
export function showProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (!wantsPage(reply.request)) return sendProblem(reply, problem);
  const { status, detail, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)));
  const body = `<p>${escapeHtml(detail)}</p><p><small>Request ${escapeHtml(reply.request.id)}</small></p>`;
  // What failed for a while comes back by itself, as the overview does.
  const refresh = status === 503 ? { refreshSeconds: 5 } : {};
  return sendPage(reply, status, titles[status] ?? 'Something went wrong', body, refresh);
}
