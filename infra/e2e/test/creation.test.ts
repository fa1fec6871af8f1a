import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { answered } from '../src/answered.ts';
import { createHttpClient } from '../src/http-client.ts';
import { inParallel } from '../src/in-parallel.ts';
import { type Caller, caller, signUp, withApiKey } from '../src/people.ts';
import { redisCommand } from '../src/redis-command.ts';
import { startStack } from '../src/start-stack.ts';

const CONNECTIONS = 64;
const stack = await startStack({
  instances: { create: 2, 'create-jobs': 0, redirect: 0, 'redirect-jobs': 0 },
});
const http = createHttpClient({ connections: CONNECTIONS });
const [first, second] = stack.services.create.map(({ origin }) => ({ appOrigin: origin }));
if (!first || !second) throw new Error('There are two instances of create.');
const person = await signUp(http, stack);
const key = await withApiKey(http, stack, person);
/** The same key at both instances, in turn. */
const apis = [first, second].map((origin) => caller(http, origin, key.headers)) as [Caller, Caller];
const turn = (index: number): Caller => apis[index % 2 === 0 ? 0 : 1];

test('of fifty creators at once for one slug one gets it and the others a conflict', async () => {
  const people = [person, ...(await Promise.all([1, 2, 3, 4].map(() => signUp(http, stack))))];
  const creators = await inParallel(Array.from({ length: 50 }), 10, async (_, index) => {
    const { headers } = await withApiKey(http, stack, people[index % 5] ?? person);
    return caller(http, index % 2 === 0 ? first : second, headers);
  });
  for (let round = 1; round <= 3; round += 1) {
    const slug = `wanted-${round}`;
    const answers = await Promise.all(
      creators.map((creator, index) =>
        creator.call('POST', '/api/links', { url: `http://wanted.test/${index}`, slug }),
      ),
    );
    const countOf = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([countOf(201), countOf(409)]).toEqual([1, 49]);
    const codes = answers.flatMap((answer) => (answer.status === 409 ? [answer.json().code] : []));
    expect(new Set(codes)).toEqual(new Set(['SLUG_TAKEN']));
    const winner = answers.find(({ status }) => status === 201)?.json();
    const stored = await stack.sql('SELECT url FROM links WHERE slug = $1', [slug]);
    expect(stored).toEqual([{ url: winner.url }]);
  }
});

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

test('10,000 creations over 64 connections: no duplicate slug and no failure', async () => {
  expect(await createTenThousand('full')).toEqual({ slugs: 10_000, stored: 10_000 });
}, 60_000);

test('the same with an empty code pool and the worker dead', async () => {
  const workers = [...stack.services.worker, ...stack.services['worker-jobs']];
  await Promise.all(workers.map((process) => process.kill()));
  const madeBefore = await blocksMade();
  await stack.sql('DELETE FROM code_blocks');
  expect(await createTenThousand('empty')).toEqual({ slugs: 10_000, stored: 10_000 });
  // What both had leased before is at most four blocks.
  expect((await blocksMade()) - madeBefore).toBeGreaterThanOrEqual(6);
}, 60_000);

/** How many different slugs there are and how many were stored, of 10,000 links. */
async function createTenThousand(name: string): Promise<{ slugs: number; stored: number }> {
  const startedAt = performance.now();
  const slugs = await inParallel(Array.from({ length: 10_000 }), CONNECTIONS, async (_, index) => {
    const url = `http://${name}.test/${index}`;
    return answered(201, await turn(index).call('POST', '/api/links', { url })).json().slug;
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`10,000 links (${name}) in ${seconds.toFixed(1)} s`);
  const [stored] = await stack.sql<{ count: number }>(
    'SELECT count(*)::int FROM links WHERE slug = ANY($1) AND url LIKE $2',
    [slugs, `http://${name}.test/%`],
  );
  return { slugs: new Set(slugs).size, stored: stored?.count ?? 0 };
}

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
