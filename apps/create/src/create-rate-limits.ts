import type { RuntimeSettings } from '@shortstack/contracts';
import { createRateLimiter, type RateLimiter, type RateLimitPolicy } from '@shortstack/rate-limit';
import type { RedisConnection } from '@shortstack/redis';
import type { HttpConfig } from './config.ts';
import type { RateLimits } from './routes/rate-limits.ts';

const minute = 60;
const quarterOfAnHour = 15 * minute;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The limits of this service, on the hub. While the hub is away each process counts alone. They follow the runtime settings; what was used
 * under the limit before is remembered on the hub.
 */
export function createRateLimits(
  hub: RedisConnection,
  config: Pick<HttpConfig, 'RATE_LIMITS' | 'DAILY_LINKS_PER_KEY'>,
  settings: () => RuntimeSettings,
): RateLimits {
  const limiter = (
    name: string,
    policy: RateLimitPolicy | ((settings: RuntimeSettings) => RateLimitPolicy),
  ) =>
    following(settings, (now) =>
      createRateLimiter({
        redis: hub,
        name,
        policy: typeof policy === 'function' ? policy(now) : policy,
        enabled: config.RATE_LIMITS && now.rateLimits,
      }),
    );
  const creation = ({ linksPerMinute }: RuntimeSettings): RateLimitPolicy => ({
    algorithm: 'gcra',
    limit: linksPerMinute,
    windowSeconds: minute,
    burst: Math.ceil(linksPerMinute / 2),
  });
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
    creationByUser: limiter('links', creation),
    creationByKey: limiter('links-key', creation),
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

/** A limiter that is made anew when the settings have changed. */
function following(
  settings: () => RuntimeSettings,
  make: (settings: RuntimeSettings) => RateLimiter,
): RateLimiter {
  let known = settings();
  let limiter = make(known);
  const current = () => {
    const now = settings();
    if (now !== known) {
      known = now;
      limiter = make(now);
    }
    return limiter;
  };
  return {
    name: limiter.name,
    consume: (key, cost) => current().consume(key, cost),
    knownRefusal: (key, cost) => current().knownRefusal(key, cost),
    stats: () => current().stats(),
  };
}
