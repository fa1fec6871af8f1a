import type { RedisConnection } from '@shortstack/redis';
import type { DependencyProbe } from '@shortstack/server';

/** For readiness: a Redis server, and whether the process is of no use without it. */
export function probeRedis(redis: RedisConnection, required: boolean): DependencyProbe {
  return {
    name: `redis-${redis.name}`,
    required,
    probe: () => redis.probe(),
    breaker: () => redis.breaker.state,
    calls: () => redis.breaker.calls,
  };
}
