import type { Cache } from '@shortstack/cache';
import { isSlug } from '@shortstack/slugs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ClickBatcher } from '../clicks/click-batcher.ts';
import type { ClickAllowance } from '../domain/click-allowance.ts';
import type { FollowableLink } from '../domain/followable-link.ts';
import { forwardQuery } from '../domain/forward-query.ts';
import { assertInUse, linkGone, linkNotFound } from '../domain/link-state.ts';
import { matchRules } from '../domain/match-rules.ts';
import type { AnswerUnknown } from './answer-unknown.ts';
import { rawClick } from './raw-click.ts';
import type { Visitors } from './read-visitor.ts';
import { redirectTo } from './redirect-to.ts';

type SlugRequest = FastifyRequest<{ Params: { slug: string } }>;
export type AnswerWithCare = (request: SlugRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Returns false after it has answered for a visitor who may not pass (a form, a sign-in); may throw instead. */
export type Gate = (
  link: FollowableLink,
  request: SlugRequest,
  reply: FastifyReply,
) => Promise<boolean>;

export interface AnswerWithCareOptions {
  links: Cache<FollowableLink>;
  clicks: ClickBatcher;
  answerUnknown: AnswerUnknown;
  /** Asked in this order. */
  gates: readonly Gate[];
  clickAllowance: ClickAllowance;
  readVisitor: Visitors;
  sendPreview: (
    link: FollowableLink,
    slug: string,
    request: SlugRequest,
    reply: FastifyReply,
  ) => FastifyReply;
  countryHeader: string | undefined;
}

/**
 * Every request for a slug that the hot path doesn't answer, in the order of the contract: does the link
 * exist, is it still in use, may this visitor pass, is there a click left, where does it lead, count the click.
 */
export function createAnswerWithCare(options: AnswerWithCareOptions): AnswerWithCare {
  const { links, clicks, gates, clickAllowance, countryHeader } = options;

  return async (request, reply) => {
    const isPreview = request.params.slug.endsWith('+');
    const slug = isPreview ? request.params.slug.slice(0, -1) : request.params.slug;
    if (!isSlug(slug)) throw linkNotFound();
    const known = links.peek(slug);
    const link = known === undefined ? await links.get(slug) : known;
    const now = Date.now();
    if (link === null) return options.answerUnknown(request, reply);
    assertInUse(link, now);
    for (const gate of gates) if (!(await gate(link, request, reply))) return reply;
    if (isPreview) return options.sendPreview(link, slug, request, reply);

    const isCounted = request.method !== 'HEAD';
    if (link.maxClicks !== null) {
      const isLeft = await (isCounted
        ? clickAllowance.spend(link.id)
        : clickAllowance.hasLeft(link.id));
      if (!isLeft) throw linkGone();
    }
    const ruled =
      link.rules.length === 0 ? null : matchRules(link.rules, options.readVisitor(request), now);
    const target = ruled ?? link.url;
    const url = link.forwardQuery ? forwardQuery(target, request.url) : target;
    if (isCounted) {
      const click = rawClick(request, link.id, now, countryHeader);
      await new Promise<void>((done) => clicks.record(click, done));
    }
    redirectTo(reply, link, url);
    return reply;
  };
}
