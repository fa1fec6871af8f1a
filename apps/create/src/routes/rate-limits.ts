import {
  consumeAll,
  type LimitedKey,
  type RateLimiter,
  rateLimited,
  sendRateLimitHeaders,
} from '@shortstack/rate-limit';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../domain/principal.ts';

/** The limits of this service. Each counts for all of its processes together. */
export interface RateLimits {
  loginByAccount: RateLimiter;
  loginByAddress: RateLimiter;
  registrationByAddress: RateLimiter;
  creationByUser: RateLimiter;
  creationByKey: RateLimiter;
  /** The links that a key creates in a day (UTC), one by one and in bulk. */
  dailyByKey: RateLimiter;
  /** Counts links, not requests. */
  bulkByUser: RateLimiter;
}

/** Takes from all of these limits and says so in the headers. @throws AppError `rate_limited` / `RATE_LIMITED`. */
export async function spend(
  reply: FastifyReply,
  limits: readonly [LimitedKey, ...LimitedKey[]],
): Promise<void> {
  const decision = await consumeAll(limits);
  sendRateLimitHeaders(reply, decision);
  if (!decision.allowed) throw rateLimited(decision);
}

/** The limits on creating one link: the account's, and those of the key that is used. */
export function creationLimits(
  limits: RateLimits,
  { accountId, key }: Principal,
): [LimitedKey, ...LimitedKey[]] {
  const byUser: LimitedKey = [limits.creationByUser, accountId];
  if (key === null) return [byUser];
  return [byUser, [limits.creationByKey, key.id], [limits.dailyByKey, key.id]];
}

/** The limits on creating this many links at once: the account's, and the day's of the key that is used. */
export function bulkLimits(
  limits: RateLimits,
  { accountId, key }: Principal,
  links: number,
): [LimitedKey, ...LimitedKey[]] {
  const byUser: LimitedKey = [limits.bulkByUser, accountId, links];
  return key === null ? [byUser] : [byUser, [limits.dailyByKey, key.id, links]];
}
