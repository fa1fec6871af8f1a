import type { FastifyReply } from 'fastify';

/** Redirects. The address may hold a code: nothing keeps it, and no page learns of it. */
export function leadTo(reply: FastifyReply, location: string, status: number): FastifyReply {
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(location, status);
}
