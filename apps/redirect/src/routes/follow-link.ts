import type { Cache } from '@shortstack/cache';
import type { FastifyInstance } from 'fastify';
import type { ClickBatcher } from '../clicks/click-batcher.ts';
import type { FollowableLink } from '../domain/followable-link.ts';
import type { AnswerUnknown } from './answer-unknown.ts';
import type { AnswerWithCare } from './answer-with-care.ts';
import { rawClick } from './raw-click.ts';
import { redirectTo } from './redirect-to.ts';

export interface FollowLinkOptions {
  links: Cache<FollowableLink>;
  clicks: ClickBatcher;
  /** Answers for what is known not to be a link. */
  answerUnknown: AnswerUnknown;
  /** Answers whatever else is no plain link in memory. */
  answerWithCare: AnswerWithCare;
  countryHeader: string | undefined;
}

/**
 * The hot path. A plain link that lies in memory is answered here, without a promise: look it up, record the
 * click, and redirect once the click is durable. A slug that is known not to exist is refused here, too. Everything
 * else (a miss, a link that asks for something, the preview) goes to `answerWithCare`.
 */
export function followLink(app: FastifyInstance, options: FollowLinkOptions): void {
  const { links, clicks, answerUnknown, answerWithCare, countryHeader } = options;

  app.get<{ Params: { slug: string } }>('/:slug', { exposeHeadRoute: false }, (request, reply) => {
    const link = links.peek(request.params.slug);
    const now = Date.now();
    if (link?.isPlain && now < link.goneAt) {
      const click = rawClick(request, link.id, now, countryHeader);
      clicks.record(click, () => redirectTo(reply, link, link.url));
      return;
    }
    return link === null ? answerUnknown(request, reply) : answerWithCare(request, reply);
  });

  app.head<{ Params: { slug: string } }>('/:slug', (request, reply) =>
    answerWithCare(request, reply),
  );
}
