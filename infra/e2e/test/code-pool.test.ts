import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { createTenThousand } from '../src/create-ten-thousand.ts';
import { createHttpClient } from '../src/http-client.ts';
import { type Caller, caller, signUp, withApiKey } from '../src/people.ts';
import { redisCommand } from '../src/redis-command.ts';
import { startStack } from '../src/start-stack.ts';

const CONNECTIONS = 64;
const stack = await startStack({
  instances: { create: 2, 'create-jobs': 0, redirect: 0, 'redirect-jobs': 0 },
});
const http = createHttpClient({ connections: CONNECTIONS });
const key = await withApiKey(http, stack, await signUp(http, stack));
/** The same key at both instances, in turn. */
const apis = stack.services.create.map(({ origin }) =>
  caller(http, { appOrigin: origin }, key.headers),
) as [Caller, Caller];

test('a pool that runs low is filled by the worker, which create asks at once', async () => {
  await stack.sql('DELETE FROM code_blocks');
  // More than both have at hand: they find the pool empty.
  const links = Array.from({ length: 1_000 }, (_, index) => ({ url: `http://low.test/${index}` }));
  for (const api of [...apis, ...apis])
    answered(200, await api.call('POST', '/api/links/bulk', { links }));
  // Those of the schedule are named otherwise.
  const wasAsked = async () => {
    const keys = await redisCommand(stack.redis['jobs-worker'].url, 'KEYS', '*:fill-code-pool-*');
    return (keys as string[]).length > 0;
  };
  await until(wasAsked, { message: 'The worker was not asked' });
  const blocks = async () => (await stack.sql('SELECT FROM code_blocks')).length;
  const isFull = await until(async () => (await blocks()) >= 20);
  expect(isFull).toBe(true);
});

test('10,000 creations with an empty code pool and the worker dead: no duplicate slug and no failure', async () => {
  const workers = [...stack.services.worker, ...stack.services['worker-jobs']];
  await Promise.all(workers.map((process) => process.kill()));
  const madeBefore = await blocksMade();
  await stack.sql('DELETE FROM code_blocks');
  const created = await createTenThousand(stack, apis, { name: 'empty', connections: CONNECTIONS });
  expect(created).toEqual({ slugs: 10_000, stored: 10_000 });
  // What both had leased before is at most four blocks.
  expect((await blocksMade()) - madeBefore).toBeGreaterThanOrEqual(6);
}, 60_000);

/** Blocks that the instances of create made themselves, by their metrics. */
async function blocksMade(): Promise<number> {
  const counts = await Promise.all(
    stack.services.create.map(async ({ internalUrl }) => {
      const { text } = await http.send(`${internalUrl}/metrics`);
      return Number(
        /shortstack_code_blocks_total\{[^}]*from="sequence"[^}]*\} (\d+)/.exec(text)?.[1],
      );
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
