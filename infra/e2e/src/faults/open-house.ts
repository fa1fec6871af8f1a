import { afterAll } from 'vitest';
import type { RedisName } from '../../../redis/src/redis-users.ts';
import { everythingIsUp } from '../everything-is-up.ts';
import { createHttpClient } from '../http-client.ts';
import { type LocalStack, type StartStackOptions, startStack } from '../start-stack.ts';
import { type Flow, startTraffic, type Traffic } from './traffic.ts';
import { prepareVisitors, type Visitors } from './visitors.ts';

/** A stack with people in it, one of whose servers can fail. */
export interface House {
  readonly stack: LocalStack;
  readonly visitors: Visitors;
  readonly traffic: Traffic;
}

/** Requests that need nothing but a process: what they take, the machine takes. */
export const ALIVE = 'alive';
/** For what is counted per address: each request comes from another one. */
const behindLoopback = { TRUSTED_PROXIES: '127.0.0.1' };

/** Starts a stack of which one server stands behind a proxy, and a modest load through all services, for a test file. */
export async function openHouse(
  failing: RedisName | 'postgres',
  options: StartStackOptions = {},
): Promise<House> {
  const stack = await startStack({
    ...options,
    behindProxy: [failing],
    withOwnPostgres: failing === 'postgres',
    env: { create: behindLoopback, ...options.env },
  });
  await everythingIsUp(Object.values(stack.services).flat(), 15_000);
  // More connections than requests that can wait at once, or one would wait for another.
  const http = createHttpClient({ connections: 256 });
  // Three that fail open create's breaker of the cache, and each takes 200 ms: at three a second that left a tenth of a second
  // until the deadline. A limited account creates 120 a minute.
  const creationsPerSecond = options.rateLimits === 'on' ? 0.7 : 6;
  const visitors = await prepareVisitors(http, stack, { creationsPerSecond });
  const alive = [stack.services.create, stack.services.redirect, stack.services.worker].flat().map(
    ({ internalUrl }): Flow => ({
      name: ALIVE,
      usual: 200,
      perSecond: 20,
      send: () => http.send(`${internalUrl}/livez`),
    }),
  );
  const traffic = startTraffic([...visitors.flows, ...alive]);
  afterAll(async () => {
    await traffic.stop();
    http.close();
  });
  return { stack, visitors, traffic };
}
