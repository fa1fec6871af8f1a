import { expect, test } from 'vitest';
import type { RedisName } from '../../redis/src/redis-users.ts';
import { redisCommand } from '../src/redis-command.ts';
import type { ServiceName } from '../src/service-environments.ts';
import { startStack } from '../src/start-stack.ts';

/** Connections of each process by their name, as the README of `packages/redis` states them. */
const budgets: Record<ServiceName, Record<string, number>> = {
  create: { session: 1, hub: 3, cache: 1 },
  'create-jobs': { hub: 3, jobs: 8 },
  redirect: { session: 1, hub: 4, cache: 1, jobs: 1 },
  'redirect-jobs': { hub: 2, cache: 1, jobs: 5, clicks: 1 },
  worker: { session: 1, hub: 2, jobs: 1 },
  'worker-jobs': { hub: 2, jobs: 5 },
};
/** And so to each server, from one process of each service. */
const totals: Record<RedisName, number> = {
  session: 3,
  hub: 16,
  cache: 3,
  'jobs-create': 8,
  'jobs-redirect': 7,
  'jobs-worker': 6,
};

const stack = await startStack();

test.each(Object.keys(budgets) as ServiceName[])(
  '%s has no more connections open than its budget, says its gauge',
  async (service) => {
    const text = await (await fetch(`${stack.services[service][0]?.internalUrl}/metrics`)).text();
    const gauge = /^shortstack_redis_open_connections\{connection="(\w+)",.*\} (\d+)$/gm;
    const open = [...text.matchAll(gauge)];
    expect(open.length).toBeGreaterThan(0);
    for (const [, name = '', value] of open) {
      expect(Number(value), name).toBeLessThanOrEqual(budgets[service][name] ?? 0);
    }
  },
);

test.each(Object.keys(totals) as RedisName[])(
  '%s has no more clients than the budgets say',
  async (name) => {
    const clients = (await redisCommand(stack.redis[name].url, 'CLIENT', 'LIST')) as string;
    // The one that asks has no name.
    const named = clients.split('\n').filter((line) => / name=\S/.test(line));
    expect(named.length).toBeGreaterThan(0);
    expect(named.length).toBeLessThanOrEqual(totals[name]);
  },
);
