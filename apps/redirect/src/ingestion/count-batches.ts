import type { Visit } from '@shortstack/analytics';
import { databaseErrorOf } from '@shortstack/db';
import type { Pool, PoolClient } from 'pg';
import type { ClickBatch } from '../clicks/click-batch.ts';
import type { Failpoint } from '../clicks/failpoint.ts';
import { createUserAgentParser } from '../domain/user-agent.ts';
import { createValueBound } from './bound-values.ts';
import { createProfileReader } from './click-profile.ts';
import { copyClicks } from './copy-clicks.ts';
import { addCountedBatches, lockUncounted } from './counted-batches.ts';
import { type Click, clickTime, createClickDeriver } from './derive-click.ts';
import { newVisits } from './new-visits.ts';
import { type ParsedBatch, parseBatch } from './parse-batch.ts';
import { type LinkQuarter, rollUp } from './roll-up.ts';
import { dayOf, dayStart } from './utc-day.ts';
import { createVisitorHash } from './visitor-hash.ts';
import { writeRollUps } from './write-roll-ups.ts';

export interface CountBatchesOptions {
  pool: Pool;
  /** Raw clicks and minutes older than this are counted in the other roll-ups only: their partition is gone. */
  clickRetentionDays: number;
  now?: () => number;
  failpoint?: Failpoint;
}

export interface Counted {
  clicks: number;
  /** What they add up to. */
  quarters: readonly LinkQuarter[];
  /** Who visited which link in which quarter of an hour, as far as that is news and the day's salt is known. */
  visits: Visit[];
  /** The clicks themselves, for whoever looks on. */
  rows: readonly Click[];
  /** How many of the batches had been counted before. */
  repeatedBatches: number;
}

const dayMs = 86_400_000;

/**
 * Counts batches, each exactly once, in one transaction: raw clicks by COPY, roll-ups by upserts (in an
 * order such that two counters can't deadlock), and the batches' numbers into the set of counted numbers of
 * their boot id, whose row is locked first. Rejects with BadBatchError for a batch that can't be read,
 * and with the database's error for anything else; then nothing was counted.
 */
export function createBatchCounter(options: CountBatchesOptions) {
  const { pool, clickRetentionDays, now = Date.now, failpoint } = options;
  const { prepare, visitorHash } = createVisitorHash(pool, now);
  const profiles = createProfileReader(createUserAgentParser());
  const deriveClick = createClickDeriver({
    profileOf: (profile) => profiles.profileOf(profile),
    visitorHash,
  });
  const boundValues = createValueBound();
  const partitions = new Set<number>();

  async function ensurePartitions(days: Iterable<number>): Promise<void> {
    const oldestRaw = dayStart(now() - clickRetentionDays * dayMs);
    const oldestVisitors = dayStart(now() - dayMs);
    for (const day of days) {
      if (partitions.has(day)) continue;
      const date = dayOf(day);
      const tables = [
        ...(day >= oldestRaw ? ['clicks', 'link_minutes'] : []),
        ...(day >= oldestVisitors ? ['daily_visitors'] : []),
      ];
      for (const table of tables)
        await pool.query('SELECT ensure_day_partition($1, $2)', [table, date]);
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
    profiles.trim();
    const rows: Click[] = [];
    for (const { clicks } of uncounted)
      for (const click of clicks) rows.push(deriveClick(click, startedAt));
    const quarters = rollUp(rows);
    if (rows.length > 0) {
      const oldestRaw = dayStart(startedAt - clickRetentionDays * dayMs);
      await copyClicks(
        client,
        rows.filter(({ clickedAt }) => clickedAt >= oldestRaw),
      );
      await writeRollUps(client, quarters, { boundValues, minutesSince: oldestRaw });
    }
    await addCountedBatches(client, uncounted);
    failpoint?.('before-commit');
    await client.query('COMMIT');
    failpoint?.('after-commit');
    return {
      clicks: rows.length,
      quarters,
      visits: newVisits(quarters),
      rows,
      repeatedBatches: batches.length - uncounted.length,
    };
  }

  return async function countBatches(batches: readonly ClickBatch[]): Promise<Counted> {
    const parsed = batches.map(parseBatch);
    const days = new Set<number>();
    const at = now();
    for (const { clicks } of parsed)
      for (const click of clicks) days.add(dayStart(clickTime(click.clickedAt, at)));
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
