import type { Visit } from '@shortstack/analytics';
import { databaseErrorOf, schema } from '@shortstack/db';
import type { Pool, PoolClient } from 'pg';
import type { ClickBatch } from '../clicks/click-batch.ts';
import type { Failpoint } from '../clicks/failpoint.ts';
import { createUserAgentParser } from '../domain/user-agent.ts';
import { copyClicks } from './copy-clicks.ts';
import { addCountedBatches, lockUncounted } from './counted-batches.ts';
import { type Click, clickTime, createClickDeriver, dayOf } from './derive-click.ts';
import { type ParsedBatch, parseBatch } from './parse-batch.ts';
import { rollUp } from './roll-up.ts';
import { createVisitorHash } from './visitor-hash.ts';
import { writeRollUps } from './write-roll-ups.ts';

export interface CountBatchesOptions {
  pool: Pool;
  /** Raw clicks older than this are counted in roll-ups only: their partition is gone. */
  clickRetentionDays: number;
  now?: () => number;
  failpoint?: Failpoint;
}

export interface Counted {
  /** Links whose figures changed. */
  linkIds: number[];
  clicks: number;
  /** People's clicks whose day's salt is known. */
  visits: Visit[];
  /** The clicks themselves, for whoever looks on. */
  rows: readonly Click[];
  /** How many of the batches had been counted before. */
  repeatedBatches: number;
}

const dayMs = 86_400_000;

/**
 * Counts batches, each exactly once, in one transaction: raw clicks by COPY, roll-ups by upserts in sorted
 * order (so that two counters can't deadlock), and the batches' numbers into the set of counted numbers of
 * their boot id, whose row is locked first. Rejects with BadBatchError for a batch that can't be read,
 * and with the database's error for anything else; then nothing was counted.
 */
export function createBatchCounter(options: CountBatchesOptions) {
  const { pool, clickRetentionDays, now = Date.now, failpoint } = options;
  const { prepare, visitorHash } = createVisitorHash(pool, now);
  const deriveClick = createClickDeriver({ parseUserAgent: createUserAgentParser(), visitorHash });
  const partitions = new Set<string>();

  async function ensurePartitions(days: Iterable<string>): Promise<void> {
    const oldestRaw = dayOf(now() - clickRetentionDays * dayMs);
    const oldestVisitors = dayOf(now() - dayMs);
    for (const day of days) {
      if (partitions.has(day)) continue;
      if (day >= oldestRaw) await pool.query(`SELECT ensure_day_partition('clicks', $1)`, [day]);
      if (day >= oldestVisitors)
        await pool.query(`SELECT ensure_day_partition('daily_visitors', $1)`, [day]);
      partitions.add(day);
    }
    for (const day of partitions) if (day < oldestRaw) partitions.delete(day);
  }

  async function countInTransaction(
    client: PoolClient,
    batches: readonly ParsedBatch[],
  ): Promise<Counted> {
    await client.query('BEGIN');
    const uncounted = await lockUncounted(client, batches);
    const startedAt = now();
    const clicks: Click[] = [];
    for (const { raw } of uncounted)
      for (const click of raw) clicks.push(deriveClick(click, startedAt));
    if (clicks.length > 0) {
      const oldestRaw = dayOf(startedAt - clickRetentionDays * dayMs);
      await copyClicks(
        client,
        clicks.filter((click) => click.day >= oldestRaw),
      );
      await writeRollUps(client, rollUp(clicks, schema.clickDimensions));
    }
    await addCountedBatches(client, uncounted);
    failpoint?.('before-commit');
    await client.query('COMMIT');
    failpoint?.('after-commit');
    return {
      linkIds: [...new Set(clicks.map((click) => click.linkId))],
      clicks: clicks.length,
      visits: visitsOf(clicks),
      rows: clicks,
      repeatedBatches: batches.length - uncounted.length,
    };
  }

  return async function countBatches(batches: readonly ClickBatch[]): Promise<Counted> {
    const parsed = batches.map(parseBatch);
    const days = new Set<string>();
    const at = now();
    for (const { raw } of parsed)
      for (const click of raw) days.add(dayOf(clickTime(click.clickedAt, at)));
    await prepare(days);
    await ensurePartitions(days);
    const client = await pool.connect();
    let error: unknown;
    try {
      return await countInTransaction(client, parsed);
    } catch (caught) {
      error = caught;
      // The retention job dropped a partition under us: make it again, or skip it, at the next try.
      if (databaseErrorOf(caught).code === '23514') partitions.clear();
      throw caught;
    } finally {
      // With an error the connection is closed, and PostgreSQL rolls back.
      client.release(error instanceof Error ? error : undefined);
    }
  };
}

function visitsOf(clicks: readonly Click[]): Visit[] {
  return clicks.flatMap(({ linkId, visitor, isBot, clickedAt }) =>
    isBot || visitor === null
      ? []
      : [{ subject: `${linkId}`, visitor: `${visitor}`, time: new Date(clickedAt) }],
  );
}
