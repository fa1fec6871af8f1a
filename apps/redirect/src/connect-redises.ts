import { redisTrials } from '@shortstack/contracts';
import { checkAccess, type RedisConnection } from '@shortstack/redis';
import type { OpenProcess } from '@shortstack/wiring';
import type { HttpConfig } from './config.ts';

/** No request may wait for a Redis that hangs longer than 250 ms, and there is more to do than wait. */
export const commandTimeoutMs = 150;
const firstConnectionMs = 1_000;

/**
 * The Redis servers that redirect's HTTP process talks to; closed with the process. Resolves when they are connected, and after a
 * second at the latest: nobody is served worse than need be, and none of them is needed. Rejects when one refuses this service.
 */
export async function connectRedises(
  { connect, hub }: OpenProcess,
  config: HttpConfig,
): Promise<Record<'session' | 'hub' | 'cache' | 'jobs', RedisConnection>> {
  const redises = {
    session: connect('session', config.REDIS_SESSION_URL, { commandTimeoutMs }),
    hub,
    // Links that are missed together are looked up, leased and stored by a command each.
    cache: connect('cache', config.REDIS_CACHE_URL, { commandTimeoutMs, gatherWrites: true }),
    jobs: connect('jobs', config.REDIS_JOBS_URL, { commandTimeoutMs }),
  };
  await Promise.all([
    checkAccess(redises.session, redisTrials.session, firstConnectionMs),
    checkAccess(redises.hub, redisTrials.hub, firstConnectionMs),
    checkAccess(redises.cache, redisTrials.cache, firstConnectionMs),
    checkAccess(redises.jobs, ['memory', 'usage', 'redirect:clicks'], firstConnectionMs),
  ]);
  return redises;
}
