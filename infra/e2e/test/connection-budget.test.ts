import { expect, test } from 'vitest';
import { type RedisName, redisNames, serviceUsers } from '../../redis/src/redis-users.ts';
import { processes } from '../../services/src/services.ts';
import { redisCommand } from '../src/redis-command.ts';
import type { ServiceName } from '../src/service-environments.ts';
import { startStack } from '../src/start-stack.ts';

/** Connections of each process by their name, as the README of `packages/redis` states them. */
const budgets: Partial<Record<ServiceName, Record<string, number>>> = {
  create: { session: 2, hub: 3, cache: 1 },
  'create-jobs': { hub: 3, jobs: 8 },
  redirect: { session: 1, hub: 4, cache: 1, jobs: 1 },
  'redirect-jobs': { hub: 2, cache: 1, jobs: 5, clicks: 1 },
  worker: { session: 1, hub: 2, jobs: 1 },
  'worker-jobs': { hub: 2, jobs: 5 },
};
/** Of a process that is not named: as worker’s. */
const budgetOf = (name: ServiceName) =>
  budgets[name] ?? budgets[name.endsWith('-jobs') ? 'worker-jobs' : 'worker'] ?? {};

/** And so to each server, from one process of each service. */
function totalOf(server: RedisName): number {
  const connections = processes
    .filter(({ name }) => serviceUsers(server).includes(name))
    .map(({ name }) => budgetOf(name))
    .map((budget) =>
      server.startsWith('jobs-')
        ? (budget.jobs ?? 0) + (budget.clicks ?? 0)
        : (budget[server] ?? 0),
    );
  return connections.reduce((sum, each) => sum + each, 0);
}

const stack = await startStack();

test.each(processes.map(({ name }) => name))(
  '%s has no more connections open than its budget, says its gauge',
  async (service) => {
    const text = await (await fetch(`${stack.services[service][0]?.internalUrl}/metrics`)).text();
    const gauge = /^shortstack_redis_open_connections\{connection="(\w+)",.*\} (\d+)$/gm;
    const open = [...text.matchAll(gauge)];
    expect(open.length).toBeGreaterThan(0);
    for (const [, name = '', value] of open) {
      expect(Number(value), name).toBeLessThanOrEqual(budgetOf(service)[name] ?? 0);
    }
  },
);

test.each(redisNames)('%s has no more clients than the budgets say', async (name) => {
  const clients = (await redisCommand(stack.redis[name].url, 'CLIENT', 'LIST')) as string;
  // The one that asks has no name.
  const named = clients.split('\n').filter((line) => / name=\S/.test(line));
  expect(named.length).toBeGreaterThan(0);
  expect(named.length).toBeLessThanOrEqual(totalOf(name));
});
