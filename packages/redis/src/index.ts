export { checkServerPolicy, type ServerPolicy } from './check-server-policy.ts';
export {
  type BreakerOptions,
  type CircuitBreaker,
  type CircuitState,
  createBreaker,
  type OwnedBreaker,
} from './circuit-breaker.ts';
export { type ConnectRedisOptions, connectRedis, type RedisConnection } from './connect-redis.ts';
export { defineScript, type RedisScript } from './define-script.ts';
export { isReadOnlyError } from './redis-errors.ts';
