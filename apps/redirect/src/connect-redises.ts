import { redisTls } from '@shortstack/config';
import { redisPolicies, redisTrials } from '@shortstack/contracts';
import {
  checkAccess,
  connectRedis,
  type RedisConnection,
  warnOfServerPolicy,
} from '@shortstack/redis';
import type { ProcessLife } from '@shortstack/server';
import type { HttpConfig } from './config.ts';

/** No request may wait for a Redis that hangs longer than 250 ms, and there is more to do than wait. */
const commandTimeoutMs = 150;
const firstConnectionMs = 1_000;

/**
 * The Redis servers that redirect's HTTP process talks to; closed with the process. Resolves when they are connected, and after a
 * second at the latest: nobody is served worse than need be, and none of them is needed. Rejects when one refuses this service.
 */
export async function connectRedises(
  config: HttpConfig,
  life: ProcessLife,
  warn: (warning: string) => void,
): Promise<Record<'session' | 'hub' | 'cache' | 'jobs', RedisConnection>> {
  const tls = redisTls(config);
  const connect = (name: keyof typeof redisPolicies, url: string) => {
    // Links that are missed together are looked up, leased and stored by a command each.
    const gatherWrites = name === 'cache';
    const connection = connectRedis({ name, url, tls, commandTimeoutMs, gatherWrites });
    life.onClose(`redis-${name}`, () => connection.close());
    warnOfServerPolicy(connection, redisPolicies[name], warn);
    return connection;
  };
  const redises = {
    session: connect('session', config.REDIS_SESSION_URL),
    hub: connect('hub', config.REDIS_HUB_URL),
    cache: connect('cache', config.REDIS_CACHE_URL),
    jobs: connect('jobs', config.REDIS_JOBS_URL),
  };
  await Promise.all([
    checkAccess(redises.session, redisTrials.session, firstConnectionMs),
    checkAccess(redises.hub, redisTrials.hub, firstConnectionMs),
    checkAccess(redises.cache, redisTrials.cache, firstConnectionMs),
    checkAccess(redises.jobs, ['memory', 'usage', 'redirect:clicks'], firstConnectionMs),
  ]);
  return redises;
}
