import type { FastifyReply } from 'fastify';
import type { FollowableLink } from '../domain/followable-link.ts';

/** Sends a visitor on. `url` was serialised by the WHATWG algorithm, so it can't break out of the header. */
export function redirectTo(reply: FastifyReply, link: FollowableLink, url: string): void {
  reply
    .code(link.status)
    .header('location', url)
    .header('cache-control', link.cacheControl)
    // Fastify adds it to GET alone; HEAD answers with the same headers.
    .header('content-length', '0')
    .send();
}
