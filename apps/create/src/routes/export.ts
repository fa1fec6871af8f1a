import { Readable } from 'node:stream';
import { ExportQuery } from '@shortstack/contracts';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';
import { exportLinks } from '../domain/export-links.ts';
import { presentLink, type StoredLink } from '../domain/link.ts';
import type { LinkListing } from '../domain/link-listing.ts';
import { problems } from './problems.ts';

export interface ExportRoutesOptions {
  list: (listing: LinkListing) => Promise<StoredLink[]>;
  shortOrigin: string;
}

const pageSize = 500;

/** `GET /api/links/export`: all links of the caller, as a file that streams. */
export function exportRoutes({ list, shortOrigin }: ExportRoutesOptions) {
  /** Oldest first, so that links made meanwhile come last. One page is in memory at a time. */
  async function* pagesFrom(listing: LinkListing, first: StoredLink[]) {
    for (let page = first; page.length > 0; ) {
      yield page.slice(0, pageSize).map((link) => presentLink(link, shortOrigin));
      const last = page[pageSize - 1];
      if (last === undefined || page.length <= pageSize) return;
      page = await list({ ...listing, after: { id: last.id, clicks: 0 } });
    }
  }

  return async (app: AppServer) => {
    app.get(
      '/api/links/export',
      {
        onRequest: app.requireScope('links:read'),
        schema: {
          tags: ['Imports'],
          summary: 'All my links, as a file',
          description:
            'CSV as POST /api/imports reads it, or an array of links in JSON. The connection breaks where the file can’t be completed.',
          produces: ['text/csv', 'application/json'],
          querystring: ExportQuery,
          response: { 200: Type.Unknown(), ...problems(401, 403) },
        },
      },
      async ({ principal, query }, reply) => {
        const { accountId } = principal;
        const { format } = query;
        const listing: LinkListing = {
          ...{ accountId, sort: 'oldest', text: null, tag: null },
          ...{ limit: pageSize, after: null },
        };
        // Before the first byte: a database that is away is still answered with 503.
        const first = await list(listing);
        const file = Readable.from(exportLinks(pagesFrom(listing, first), format));
        return reply
          .header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json')
          .header('content-disposition', `attachment; filename="links.${format}"`)
          .header('cache-control', 'no-store')
          .send(file);
      },
    );
  };
}
