import { AppError } from '@shortstack/errors';
import type { FastifyRequest } from 'fastify';
import type { SessionCookie } from './session-cookie.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * An `onRequest` hook against cross-site request forgery: a write that carries the session cookie must come from
 * one of our own origins, as told by `Origin` or by `Sec-Fetch-Site: same-origin`, neither of which a page can forge.
 * Everything else, both headers missing included, is refused with kind `forbidden`, code `CSRF_REJECTED`. Requests
 * without the cookie (API keys, access tokens) pass. Costs no I/O.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 */
export function rejectForeignWrites(options: {
  /** As browsers send them: scheme, host and port if it isn't the default, without a trailing slash. */
  origins: readonly string[];
  cookie: SessionCookie;
}): (request: FastifyRequest) => Promise<void> {
  const origins = new Set(options.origins);
  return async ({ method, headers }) => {
    if (safeMethods.has(method) || options.cookie.read(headers.cookie) === null) return;
    if (headers.origin !== undefined && origins.has(headers.origin)) return;
    if (headers['sec-fetch-site'] === 'same-origin') return;
    throw new AppError(
      'forbidden',
      'CSRF_REJECTED',
      'This request did not come from our own site.',
    );
  };
}
