import { AppError } from '@shortstack/errors';
import { escapeHtml, sendPage, wantsPage } from '@shortstack/server';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers a browser that came back from signing in with a code that is used, too old, or not its own. */
export function refuseSession(
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
): FastifyReply {
  if (!wantsPage(request)) {
    throw new AppError('forbidden', 'SIGN_IN_CODE_INVALID', 'This code is not valid (any more).');
  }
  return sendPage(reply, 403, {
    title: 'Signing in took too long',
    body: `<p>This address works once, within a minute, and in the browser that asked for it.</p><p><a class="button full" href="${escapeHtml(returnTo)}">Try again</a></p>`,
  });
}
