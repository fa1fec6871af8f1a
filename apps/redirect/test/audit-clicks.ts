import { readdir } from 'node:fs/promises';
import { redisKeys } from '@shortstack/contracts';
import { connectRedis } from '@shortstack/redis';
import { until } from '@shortstack/testing';
import type { Pool } from 'pg';
import type { ClickLoad } from './click-load.ts';
import type { Stack } from './start-redirect.ts';

/** What must all be empty or zero. */
export interface Audit {
  /** Answered, and counted nowhere. */
  lost: string[];
  countedTwice: string[];
  /** Counted, and never sent. */
  invented: string[];
  /** Links of which a roll-up says something else than the raw clicks. */
  unequalRollUps: string[];
}

export const flawless: Audit = { lost: [], countedTwice: [], invented: [], unequalRollUps: [] };

/** Resolves when no click waits any more in the stream or in the spool. */
export async function untilDrained({ redis, spoolDirectory }: Stack): Promise<void> {
  const connection = connectRedis({ name: 'jobs', url: redis.jobs.url, commandTimeoutMs: 5_000 });
  try {
    await until(
      async () =>
        (await connection.client.xlen(redisKeys.clicks)) === 0 &&
        (await readdir(spoolDirectory)).length === 0,
      { deadlineMs: 60_000, message: 'stream and spool are not empty' },
    );
  } finally {
    await connection.close();
  }
}

/** Compares, id by id, what was answered with what is counted for these links. */
export async function auditClicks(
  sql: Pool,
  linkIds: readonly number[],
  loads: readonly Pick<ClickLoad, 'sent' | 'acknowledged'>[],
): Promise<Audit> {
  const { rows } = await sql.query<{ id: string; n: string }>(
    'SELECT request_id AS id, count(*) AS n FROM clicks WHERE link_id = ANY ($1) GROUP BY 1',
    [linkIds],
  );
  const counted = new Set(rows.map(({ id }) => id));
  const sent = new Set(loads.flatMap((load) => [...load.sent]));
  return {
    lost: loads.flatMap(({ acknowledged }) => [...acknowledged].filter((id) => !counted.has(id))),
    countedTwice: rows.filter(({ n }) => n !== '1').map(({ id }) => id),
    invented: [...counted].filter((id) => !sent.has(id)),
    unequalRollUps: await unequalRollUps(sql, linkIds),
  };
}

async function unequalRollUps(sql: Pool, linkIds: readonly number[]): Promise<string[]> {
  const { rows } = await sql.query<{ flaw: string }>(
    `WITH raw AS (
       SELECT link_id, count(*) FILTER (WHERE NOT is_bot) AS clicks, count(*) FILTER (WHERE is_bot) AS bots
       FROM clicks WHERE link_id = ANY ($1) GROUP BY 1
     ), sums AS (
       SELECT 'totals' AS name, link_id, clicks, bots FROM link_totals
       UNION ALL SELECT 'quarters', link_id, sum(clicks), sum(bots) FROM link_quarters GROUP BY 2
       UNION ALL SELECT 'days', link_id, sum(clicks), sum(bots) FROM link_days GROUP BY 2
       UNION ALL SELECT 'minutes', link_id, sum(clicks), sum(bots) FROM link_minutes GROUP BY 2
     )
     SELECT format('%s of link %s', name, coalesce(raw.link_id, sums.link_id)) AS flaw
     FROM (SELECT * FROM raw, unnest(ARRAY['totals', 'quarters', 'days', 'minutes']) AS name) AS raw
     FULL JOIN (SELECT * FROM sums WHERE link_id = ANY ($1)) AS sums USING (name, link_id)
     WHERE (raw.clicks, raw.bots) IS DISTINCT FROM (sums.clicks, sums.bots)`,
    [linkIds],
  );
  return rows.map(({ flaw }) => flaw);
}
