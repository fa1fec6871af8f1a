import { readdir } from 'node:fs/promises';
import { redisKeys } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import type { Stack } from './start-redirect.ts';

export interface Totals {
  clicks: number;
  bots: number;
}

/** What `link_totals` says of a link at the moment. */
export async function totalsOf({ sql }: Stack, id: number): Promise<Totals> {
  const { rows } = await sql.query<Totals>(
    'SELECT clicks::int, bots::int FROM link_totals WHERE link_id = $1',
    [id],
  );
  return rows[0] ?? { clicks: 0, bots: 0 };
}

/**
 * The totals of a link once so many clicks are in them and nothing waits in stream or spool any more. Throws if the raw clicks
 * say something else.
 */
export async function countedClicks(
  stack: Stack,
  jobsRedis: RedisConnection,
  id: number,
  sum: number,
): Promise<Totals> {
  const options = { deadlineMs: 15_000, message: 'the clicks are not counted' };
  await until(async () => {
    const { clicks, bots } = await totalsOf(stack, id);
    return clicks + bots >= sum;
  }, options);
  await until(
    async () =>
      (await jobsRedis.client.xlen(redisKeys.clicks)) === 0 &&
      (await readdir(stack.spoolDirectory)).length === 0,
    { ...options, message: 'stream and spool are not empty' },
  );
  const totals = await totalsOf(stack, id);
  const { rows } = await stack.sql.query<{ n: number; ids: number }>(
    'SELECT count(*)::int AS n, count(DISTINCT request_id)::int AS ids FROM clicks WHERE link_id = $1',
    [id],
  );
  const { n = 0, ids = 0 } = rows[0] ?? {};
  if (n !== totals.clicks + totals.bots || ids !== n) {
    throw new Error(
      `There are ${n} raw clicks with ${ids} ids, and totals of ${JSON.stringify(totals)}`,
    );
  }
  return totals;
}
