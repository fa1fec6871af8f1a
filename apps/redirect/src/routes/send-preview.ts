import { escapeHtml, sendPage, wantsPage } from '@shortstack/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FollowableLink } from '../domain/followable-link.ts';

/** `GET /{slug}+`: where a link leads and since when. Not counted, and it spends nothing. */
export function sendPreview(
  link: FollowableLink,
  slug: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const createdAt = new Date(link.createdAt).toISOString();
  if (!wantsPage(request)) {
    return reply
      .header('cache-control', 'no-store')
      .send({ slug, url: link.url, title: link.title, createdAt });
  }
  const url = escapeHtml(link.url);
  return sendPage(reply, 200, {
    title: link.title ?? `/${slug}`,
    body: `<p>This short link leads to</p><p><a href="${url}" rel="noreferrer nofollow">${url}</a></p><p>since <time datetime="${createdAt}">${createdAt.slice(0, 10)}</time>.</p>`,
  });
}
