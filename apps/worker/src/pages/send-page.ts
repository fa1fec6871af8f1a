import type { FastifyReply, FastifyRequest } from 'fastify';
import { page, pagePolicy } from './page.ts';

/** Whether the client is a browser that asks for a page. */
export function wantsPage(request: FastifyRequest): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}

export function sendPage(
  reply: FastifyReply,
  status: number,
  title: string,
  body: string,
  options: { refreshSeconds?: number } = {},
): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy)
    .header('cache-control', 'no-store')
    .serializer((html: string) => html)
    .send(page(title, body, options.refreshSeconds));
}
