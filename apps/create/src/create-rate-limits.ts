import { createRateLimiter, type RateLimitPolicy } from '@shortstack/rate-limit';
import type { RedisConnection } from '@shortstack/redis';
import type { HttpConfig } from './config.ts';
import type { RateLimits } from './routes/rate-limits.ts';

const minute = 60;
const quarterOfAnHour = 15 * minute;
const hour = 60 * minute;
const day = 24 * hour;

/** The limits of this service, on the hub. While the hub is away each process counts alone. */
export function createRateLimits(
  hub: RedisConnection,
  config: Pick<HttpConfig, 'RATE_LIMITS' | 'DAILY_LINKS_PER_KEY'>,
): RateLimits {
  const limiter = (name: string, policy: RateLimitPolicy) =>
    createRateLimiter({ redis: hub, name, policy, enabled: config.RATE_LIMITS });
  return {
    loginByAccount: limiter('login-account', {
      algorithm: 'slidingWindowLog',
      limit: 10,
      windowSeconds: quarterOfAnHour,
    }),
    loginByAddress: limiter('login-address', {
      algorithm: 'slidingWindowLog',
      limit: 30,
      windowSeconds: quarterOfAnHour,
    }),
    registrationByAddress: limiter('registration', {
      algorithm: 'slidingWindowCounter',
      limit: 10,
      windowSeconds: hour,
    }),
    creationByUser: limiter('links', {
      algorithm: 'gcra',
      limit: 120,
      windowSeconds: minute,
      burst: 60,
    }),
    creationByKey: limiter('links-key', {
      algorithm: 'gcra',
      limit: 120,
      windowSeconds: minute,
      burst: 60,
    }),
    dailyByKey: limiter('links-key-day', {
      algorithm: 'fixedWindow',
      limit: config.DAILY_LINKS_PER_KEY,
      windowSeconds: day,
    }),
    bulkByUser: limiter('bulk-links', {
      algorithm: 'gcra',
      limit: 10_000,
      windowSeconds: minute,
      burst: 5_000,
    }),
  };
}
