import type { Cache } from '@shortstack/cache';
import { AppError } from '@shortstack/errors';
import { wantsPage } from '@shortstack/server';
import { isSlug } from '@shortstack/slugs';
import type { FastifyInstance } from 'fastify';
import type { FollowableLink } from '../domain/followable-link.ts';
import { assertInUse, linkNotFound } from '../domain/link-state.ts';
import type { UnlockGrants } from '../domain/unlock-grant.ts';
import type { AnswerUnknown } from './answer-unknown.ts';
import { sendPasswordForm, setGrantCookie } from './password-gate.ts';

export interface UnlockLinkOptions {
  links: Cache<FollowableLink>;
  grants: UnlockGrants;
  /** Slow by design: bounded in concurrency by whoever makes it. */
  verifyPassword: (hash: string, password: string) => Promise<boolean>;
  /** Throws for a client that has guessed too often at a link. */
  limitGuesses: (slug: string, address: string) => void;
  answerUnknown: AnswerUnknown;
  isSecure: boolean;
}

/**
 * `POST /{slug}` (or `/{slug}+`) with the password, as a form or as JSON: 303 back to where it came from, query and all, with a
 * grant; or 401.
 */
export function unlockLink(app: FastifyInstance, options: UnlockLinkOptions): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body.toString()))),
  );

  app.post<{ Params: { slug: string }; Body: { password: string } }>(
    '/:slug',
    {
      bodyLimit: 4_096,
      schema: {
        // The link may forward it.
        querystring: { type: 'object', additionalProperties: true },
        body: {
          type: 'object',
          required: ['password'],
          properties: { password: { type: 'string', minLength: 1, maxLength: 200 } },
          additionalProperties: false,
        },
      },
    },
    async (request, reply) => {
      const slug = request.params.slug.replace(/\+$/, '');
      if (!isSlug(slug)) throw linkNotFound();
      const link = await options.links.get(slug);
      if (link === null) return options.answerUnknown(request, reply);
      assertInUse(link, Date.now());
      const back = () =>
        reply
          .code(303)
          .header('location', `/${request.params.slug}${queryOf(request.url)}`)
          .header('cache-control', 'no-store')
          .send();
      if (link.passwordHash === null) return back();
      options.limitGuesses(slug, request.ip);
      if (!(await options.verifyPassword(link.passwordHash, request.body.password))) {
        if (wantsPage(request))
          return sendPasswordForm(reply, 401, 'That is not the password. Try again.');
        throw new AppError(
          'unauthenticated',
          'WRONG_PASSWORD',
          'That is not the password of this link.',
        );
      }
      setGrantCookie(reply, slug, options.grants.issue(link, Date.now()), options.isSecure);
      return back();
    },
  );
}

function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}
