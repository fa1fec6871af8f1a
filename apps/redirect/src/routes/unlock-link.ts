import type { Cache } from '@shortstack/cache';
import { AppError } from '@shortstack/errors';
import { isSlug } from '@shortstack/slugs';
import type { FastifyInstance } from 'fastify';
import type { FollowableLink } from '../domain/followable-link.ts';
import { assertFollowable, linkNotFound } from '../domain/link-state.ts';
import type { UnlockGrants } from '../domain/unlock-grant.ts';
import { wantsPage } from '../pages/send-page.ts';
import { sendPasswordForm, setGrantCookie } from './password-gate.ts';

export interface UnlockLinkOptions {
  links: Cache<FollowableLink>;
  grants: UnlockGrants;
  /** Slow by design: bounded in concurrency by whoever makes it. */
  verifyPassword: (hash: string, password: string) => Promise<boolean>;
  /** Throws for a client that has guessed too often at a link. */
  limitGuesses: (slug: string, address: string) => Promise<void>;
  isSecure: boolean;
}

/** `POST /{slug}` with the password, as a form or as JSON: 303 back to the link with a grant, or 401. */
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
        body: {
          type: 'object',
          required: ['password'],
          properties: { password: { type: 'string', minLength: 1, maxLength: 200 } },
          additionalProperties: false,
        },
      },
    },
    async (request, reply) => {
      const { slug } = request.params;
      if (!isSlug(slug)) throw linkNotFound();
      const link = await options.links.get(slug);
      assertFollowable(link, Date.now());
      if (link.passwordHash === null) return reply.code(303).header('location', `/${slug}`).send();
      await options.limitGuesses(slug, request.ip);
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
      return reply
        .code(303)
        .header('location', `/${slug}`)
        .header('cache-control', 'no-store')
        .send();
    },
  );
}
