export { consumeAll, type LimitedKey } from './consume-all.ts';
export {
  createLocalRateLimiter,
  type LocalRateLimiterOptions,
} from './create-local-rate-limiter.ts';
export { createRateLimiter, type RateLimiterOptions } from './create-rate-limiter.ts';
export type { Decision, RateLimitPolicy } from './decision.ts';
export { ipKey } from './ip-key.ts';
export { rateLimited, sendRateLimitHeaders } from './rate-limit-headers.ts';
export type { LocalRateLimiter, RateLimiter, RateLimiterStats } from './rate-limiter.ts';
