import { until } from '@shortstack/testing';
import { expect } from 'vitest';
import { answered } from '../../src/answered.ts';
import { everythingGoesOn } from '../../src/faults/everything-goes-on.ts';
import { redisFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';
import { follow } from '../../src/follow.ts';
import { createHttpClient } from '../../src/http-client.ts';
import { outboxDrained } from '../../src/outbox-drained.ts';
import { withApiKey } from '../../src/people.ts';
import { redisCommand } from '../../src/redis-command.ts';

const house = await openHouse('hub', { rateLimits: 'on' });
const { stack, visitors } = house;
const { hub } = stack.redis;
const processes = Object.values(stack.services).flat();
const http = createHttpClient();

testFaults({
  house,
  faults: redisFaults(hub),
  // It is asked by creations and sign-ins alone, and the third of them that times out opens it.
  breakers: { connection: 'hub', of: stack.services.create, withinMs: 2_000 },
  settledAfterMs: 2_000,
  table: everythingGoesOn,
  meanwhile: whileAway,
  afterwards: onceBack,
});

testNothingLost(house);

async function whileAway(): Promise<void> {
  await Promise.all([changesArriveWithin5s(), limitsHold(), knowsEveryInstance()]);
  expect(await unpublished()).toBeGreaterThan(0);
  // Nobody is taken out of service for it.
  await Promise.all(processes.map((process) => process.ready(1_000)));
}

async function onceBack(): Promise<void> {
  await outboxDrained(stack);
  await until(async () => (await registered()) === processes.length, {
    deadlineMs: 10_000,
    message: 'Not every process is registered again',
  });
}

/** The fast path is the hub; without it redirect reads the outbox. */
async function changesArriveWithin5s(): Promise<void> {
  const { slug } = await visitors.create();
  answered(302, await follow(http, stack.shortOrigin, slug));
  const changed = { url: 'http://changed.test/' };
  answered(200, await visitors.api.call('PATCH', `/api/links/${slug}`, changed));
  await until(
    async () => {
      const { headers } = await follow(http, stack.shortOrigin, slug);
      return headers.location === changed.url;
    },
    { deadlineMs: 5_000, message: 'The link was served as it was' },
  );
}

/** This process alone counts, and it is the only one: so many and no more, but for what comes back meanwhile. */
async function limitsHold(): Promise<void> {
  const api = await withApiKey(http, stack, await visitors.signUp());
  const answers = await Promise.all(
    Array.from({ length: 70 }, () => api.call('POST', '/api/links', { url: 'http://x.test/' })),
  );
  const created = answers.filter(({ status }) => status === 201).length;
  expect(answers.every(({ status }) => status === 201 || status === 429)).toBe(true);
  expect(created).toBeGreaterThanOrEqual(60);
  expect(created).toBeLessThan(70);
}

/** Discovery keeps its last list: the overview still has every process's own answer. */
async function knowsEveryInstance(): Promise<void> {
  const overview = answered(200, await visitors.operations()).json() as {
    instances: { id: string; answered: boolean }[];
  };
  const silent = overview.instances.filter((instance) => !instance.answered);
  expect(silent).toEqual([]);
  expect(overview.instances).toHaveLength(processes.length);
}

async function unpublished(): Promise<number> {
  const rows = await stack.sql('SELECT FROM outbox WHERE published_at IS NULL');
  return rows.length;
}

async function registered(): Promise<number> {
  const keys = await redisCommand(hub.url, 'KEYS', 'registry:{instances}:record:*');
  return (keys as unknown[]).length;
}
