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
  const host = escapeHtml(new URL(link.url).host);
  const date = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });
  return sendPage(reply, 200, {
    title: link.title ?? `/${slug}`,
    body: `<p class="soft">This short link leads to</p>
<p class="address">${url}</p>
<p><a class="button full" href="${url}" rel="noreferrer nofollow">Continue to ${host}</a></p>
<p><small>Made on <time datetime="${createdAt}">${date.format(link.createdAt)}</time></small></p>`,
  });
}
