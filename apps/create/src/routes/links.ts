import { Link, LinkPage, LinkParams, ListLinksQuery, UpdateLinkBody } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';
import { presentLink, type StoredLink } from '../domain/link.ts';
import { checkChanges, type LinkChanges, type LinkRuleContext } from '../domain/link-draft.ts';
import { type LinkListing, linkListing, nextLinkCursor } from '../domain/link-listing.ts';
import { problems } from './problems.ts';

export interface LinkRoutesOptions {
  find: (accountId: string, slug: string) => Promise<StoredLink | null>;
  list: (listing: LinkListing) => Promise<StoredLink[]>;
  update: (accountId: string, slug: string, changes: LinkChanges) => Promise<StoredLink | null>;
  remove: (accountId: string, slug: string) => Promise<StoredLink | null>;
  /** Tells caches and the relay, after the commit. Never rejects. */
  announce: (links: StoredLink[]) => Promise<void>;
  ruleContext: () => LinkRuleContext;
}

const tags = ['Links'];
const maxLinkBytes = 1_048_576;

/** Reading, changing and deleting links that exist: the caller's own, others' are not found. */
export function linkRoutes(options: LinkRoutesOptions) {
  const { announce, ruleContext } = options;

  return async (app: AppServer) => {
    app.get(
      '/api/links',
      {
        onRequest: app.requireScope('links:read'),
        schema: {
          tags,
          summary: 'My links',
          querystring: ListLinksQuery,
          response: { 200: LinkPage, ...problems(401, 403) },
        },
      },
      async ({ principal, query }) => {
        const listing = linkListing(principal.accountId, query);
        const found = await options.list(listing);
        const { shortOrigin } = ruleContext();
        const items = found.slice(0, listing.limit).map((link) => presentLink(link, shortOrigin));
        return { items, nextCursor: nextLinkCursor(listing, found) };
      },
    );

    app.get(
      '/api/links/:slug',
      {
        onRequest: app.requireScope('links:read'),
        schema: {
          tags,
          summary: 'A link',
          params: LinkParams,
          response: { 200: Link, ...problems(401, 403, 404) },
        },
      },
      async ({ principal, params }) => {
        const link = await options.find(principal.accountId, params.slug);
        return presentLink(link ?? notFound(params.slug), ruleContext().shortOrigin);
      },
    );

    app.patch(
      '/api/links/:slug',
      {
        onRequest: app.requireScope('links:write'),
        bodyLimit: maxLinkBytes,
        schema: {
          tags,
          summary: 'Change a link',
          description: 'Only what is given. The change is followed everywhere within 5 s.',
          params: LinkParams,
          body: UpdateLinkBody,
          response: { 200: Link, ...problems(401, 403, 404, 413, 415, 422) },
        },
      },
      async ({ principal, params, body }) => {
        const context = ruleContext();
        const changes = await checkChanges(body, context);
        const link = await options.update(principal.accountId, params.slug, changes);
        if (!link) return notFound(params.slug);
        await announce([link]);
        return presentLink(link, context.shortOrigin);
      },
    );

    app.delete(
      '/api/links/:slug',
      {
        onRequest: app.requireScope('links:write'),
        schema: {
          tags,
          summary: 'Delete a link',
          description: 'It answers 410 from then on, and its slug stays taken.',
          params: LinkParams,
          response: { 204: Type.Null(), ...problems(401, 403, 404) },
        },
      },
      async ({ principal, params }, reply) => {
        const link = await options.remove(principal.accountId, params.slug);
        if (!link) return notFound(params.slug);
        await announce([link]);
        return reply.code(204).send(null);
      },
    );
  };
}

/** One answer for links that don't exist, were deleted, or are another's: the caller learns nothing about those. */
export function notFound(slug: string): never {
  throw new AppError('not_found', 'LINK_NOT_FOUND', `You have no link "${slug}".`);
}
