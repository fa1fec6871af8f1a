import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml, type Page, pagePolicy, renderPage } from './page.ts';
import type { Problem } from './problem.ts';
import { sendProblem } from './problem-document.ts';

/** Whether the client is a browser that asks for a page. */
export function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}

/** Answers with a page that no cache keeps. */
export function sendPage(reply: FastifyReply, status: number, page: Page): FastifyReply {
  return (
    reply
      .code(status)
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', pagePolicy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      // A route's response schema describes its JSON.
      .serializer((html: string) => html)
      .send(renderPage(page))
  );
}

/** What a page says where the plain words don't fit. */
interface ProblemWords {
  title: string;
  /** Instead of the problem's own detail. */
  text?: string;
}

/** For the option `showProblem` of `createServer`: browsers get a page, everyone else a problem document. */
export function problemPages(words: Readonly<Record<number, ProblemWords>> = {}) {
  return (reply: FastifyReply, problem: Problem): FastifyReply => {
    if (!wantsPage(reply.request)) return sendProblem(reply, problem);
    const { status, detail, retryAfterSeconds } = problem;
    if (retryAfterSeconds !== undefined) {
      reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)));
    }
    const requestId = escapeHtml(reply.request.id);
    return sendPage(reply, status, {
      title: words[status]?.title ?? plainTitles[status] ?? 'Something went wrong',
      body: `<p>${escapeHtml(words[status]?.text ?? detail)}</p><p><small>Request ${requestId}</small></p>`,
    });
  };
}

const plainTitles: Record<number, string> = {
  400: 'That is not right',
  401: 'Sign in first',
  403: 'Not for you',
  404: 'There is nothing here',
  429: 'Too many requests',
  503: 'Try again in a moment',
};
