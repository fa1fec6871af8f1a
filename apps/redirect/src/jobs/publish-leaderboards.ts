import type { Leaderboard, ScoreRecord } from '@shortstack/analytics';
import type { Pool } from 'pg';

export interface LeaderboardPublisherOptions {
  pool: Pool;
  leaderboard: Leaderboard;
  onError: (error: unknown) => void;
  /** Default 1,000 ms. */
  everyMs?: number;
}

export interface LeaderboardPublisher {
  /** Notes links whose counts changed. */
  changed(linkIds: readonly number[]): void;
  close(): Promise<void>;
}

interface Row {
  account_id: string;
  slug: string;
  unit: 'quarter' | 'hour' | 'day';
  time: Date;
  clicks: string;
}

const linksAtOnce = 1_000;

/** Of links whose counts changed, the totals of the buckets that some leaderboard window may still hold. */
const totals = `
  SELECT account_id, slug, unit, time, clicks FROM links JOIN (
    SELECT link_id, 'quarter' AS unit, quarter_at AS time, clicks::int8 FROM link_quarters
    WHERE link_id = ANY ($1) AND quarter_at > now() - interval '90 minutes'
    UNION ALL
    SELECT link_id, 'hour', date_trunc('hour', quarter_at, 'UTC'), sum(clicks) FROM link_quarters
    WHERE link_id = ANY ($1) AND quarter_at >= date_trunc('hour', now(), 'UTC') - interval '24 hours' GROUP BY 1, 3
    UNION ALL
    SELECT link_id, 'day', day::timestamp AT TIME ZONE 'UTC', clicks::int8 FROM link_days
    WHERE link_id = ANY ($1) AND day >= (now() AT TIME ZONE 'UTC')::date - 7
  ) AS buckets ON buckets.link_id = links.id WHERE clicks > 0 AND deleted_at IS NULL`;

/** When a leaderboard was lost with the hub, every link that was followed within the longest window. */
const followedLately = `SELECT DISTINCT link_id FROM link_days WHERE day >= (now() AT TIME ZONE 'UTC')::date - 7`;

/**
 * Sets leaderboard scores to what PostgreSQL has counted: each second for the links that changed, and for all once
 * when the hub has lost them. Totals are absolute, so repeating, delaying or losing a round does no harm.
 * While the hub or PostgreSQL is away, links to publish are remembered and the next round tries again.
 */
export function createLeaderboardPublisher(
  options: LeaderboardPublisherOptions,
): LeaderboardPublisher {
  const { pool, leaderboard, onError, everyMs = 1_000 } = options;
  const pending = new Set<number>();
  let round = Promise.resolve();
  let isRunning = false;

  async function publish(): Promise<void> {
    const isLost = await leaderboard.needsRebuild();
    if (isLost) {
      const { rows } = await pool.query<{ link_id: string }>(followedLately);
      for (const row of rows) pending.add(Number(row.link_id));
    }
    while (pending.size > 0) {
      const linkIds = [...pending].slice(0, linksAtOnce);
      for (const linkId of linkIds) pending.delete(linkId);
      try {
        const { rows } = await pool.query<Row>(totals, [linkIds]);
        await leaderboard.record(rows.map(toScore));
      } catch (error) {
        for (const linkId of linkIds) pending.add(linkId);
        throw error;
      }
    }
    if (isLost) await leaderboard.markRebuilt();
  }

  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    round = publish()
      .catch(onError)
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  timer.unref();

  return {
    changed(linkIds) {
      for (const linkId of linkIds) pending.add(linkId);
    },
    async close() {
      clearInterval(timer);
      await round;
    },
  };
}

function toScore({ account_id, slug, unit, time, clicks }: Row): ScoreRecord {
  return { board: account_id, member: slug, unit, time, score: Number(clicks) };
}
