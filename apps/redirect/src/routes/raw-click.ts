import type { FastifyRequest } from 'fastify';
import type { RawClick } from '../clicks/click-batch.ts';

/** What is kept of a request. Copies a few strings and works out nothing. `countryHeader` is lower-case, or undefined. */
export function rawClick(
  request: FastifyRequest,
  linkId: number,
  clickedAt: number,
  countryHeader: string | undefined,
): RawClick {
  const headers = request.headers;
  return {
    clickedAt,
    linkId,
    requestId: request.id,
    address: request.ip,
    isPrefetch:
      (headers['sec-purpose'] ?? headers.purpose ?? headers['x-moz']) !== undefined &&
      isPrefetch(headers),
    userAgent: headers['user-agent'] ?? '',
    referrer: headers.referer ?? '',
    country: countryHeader === undefined ? '' : String(headers[countryHeader] ?? ''),
  };
}

function isPrefetch(headers: FastifyRequest['headers']): boolean {
  return [headers['sec-purpose'], headers.purpose, headers['x-moz']].some((value) =>
    value?.includes('prefetch'),
  );
}
