import { LinkParams, QrCodeQuery } from '@shortstack/contracts';
import type { AppServer } from '@shortstack/server';
import Type from 'typebox';
import { type StoredLink, shortUrlOf } from '../domain/link.ts';
import { qrMatrix } from '../qr/qr-matrix.ts';
import { qrPng } from '../qr/qr-png.ts';
import { qrSvg } from '../qr/qr-svg.ts';
import { notFound } from './links.ts';
import { problems } from './problems.ts';

export interface QrCodeRoutesOptions {
  find: (accountId: string, slug: string) => Promise<StoredLink | null>;
  shortOrigin: string;
}

/** `GET /api/links/{slug}/qr`: an image that leads to the short link. */
export function qrCodeRoutes({ find, shortOrigin }: QrCodeRoutesOptions) {
  return async (app: AppServer) => {
    app.get(
      '/api/links/:slug/qr',
      {
        onRequest: app.requireScope('links:read'),
        schema: {
          tags: ['Links'],
          summary: 'The QR code of a link',
          description: 'Of its short URL, black on white, with its quiet zone.',
          params: LinkParams,
          querystring: QrCodeQuery,
          response: {
            200: {
              description: 'The image',
              content: {
                'image/svg+xml': { schema: Type.String() },
                'image/png': { schema: Type.Unsafe<Buffer>(Type.String({ format: 'binary' })) },
              },
            },
            ...problems(401, 403, 404),
          },
        },
      },
      async ({ principal, params, query }, reply) => {
        const link = await find(principal.accountId, params.slug);
        const { format = 'svg', size = 256 } = query;
        const matrix = qrMatrix(shortUrlOf((link ?? notFound(params.slug)).slug, shortOrigin));
        return reply
          .header('content-type', format === 'png' ? 'image/png' : 'image/svg+xml')
          .header('cache-control', 'private, max-age=3600')
          .send(format === 'png' ? await qrPng(matrix, size) : qrSvg(matrix, size));
      },
    );
  };
}
