export { checkAccess, type TrialCommand } from './check-access.ts';
export { checkServerPolicy, type ServerPolicy, warnOfServerPolicy } from './check-server-policy.ts';
export {
  type BreakerOptions,
  type CircuitBreaker,
  type CircuitState,
  createBreaker,
  type OwnedBreaker,
} from './circuit-breaker.ts';
export { type ConnectRedisOptions, connectRedis, type RedisConnection } from './connect-redis.ts';
export { defineScript, type RedisScript } from './define-script.ts';
export type { RedisClient } from './open-client.ts';
export { openSubscriber, type SubscriberOptions } from './open-subscriber.ts';
export { readServerFigures, type ServerFigures } from './read-server-figures.ts';
export { isReadOnlyError } from './redis-errors.ts';
export type { RedisTarget, RedisTls } from './redis-target.ts';
