import type { Leaderboard, ScoreRecord } from '@shortstack/analytics';
import { repeatRounds } from './repeat-rounds.ts';

export interface LeaderboardPublisherOptions {
  leaderboard: Leaderboard;
  /** Absolute scores of these links, of every bucket that a window may still hold and that goes on after `since`. */
  loadScores: (linkIds: readonly number[], since: Date) => Promise<ScoreRecord[]>;
  /** Every link with such a score: what to publish when the hub has lost all. */
  loadScoredLinks: () => Promise<number[]>;
  onError: (error: unknown) => void;
  /** Default 1,000 ms. */
  everyMs?: number;
}

export interface LeaderboardPublisher {
  /** Notes links with clicks, and when those were: the beginning of a quarter of an hour. */
  changed(quarters: readonly { linkId: number; quarterAt: number }[]): void;
  close(): Promise<void>;
}

const linksAtOnce = 1_000;

/**
 * Sets leaderboard scores to what PostgreSQL has counted: each second for the links that changed, and for all once
 * when the hub has lost them. Totals are absolute, so repeating, delaying or losing a round does no harm.
 * While the hub or PostgreSQL is away, links to publish are remembered and the next round tries again.
 */
export function createLeaderboardPublisher(
  options: LeaderboardPublisherOptions,
): LeaderboardPublisher {
  const { leaderboard, loadScores, loadScoredLinks, onError, everyMs = 1_000 } = options;
  const pending = new Set<number>();
  /** No pending link has changed before. */
  let since = Number.POSITIVE_INFINITY;

  async function publish(): Promise<void> {
    const isLost = await leaderboard.needsRebuild();
    if (isLost) {
      since = 0;
      for (const linkId of await loadScoredLinks()) pending.add(linkId);
    }
    const taken = [...pending];
    const takenSince = since;
    pending.clear();
    since = Number.POSITIVE_INFINITY;
    for (let at = 0; at < taken.length; at += linksAtOnce) {
      try {
        const linkIds = taken.slice(at, at + linksAtOnce);
        await leaderboard.record(await loadScores(linkIds, new Date(takenSince)));
      } catch (error) {
        since = Math.min(since, takenSince);
        for (const linkId of taken.slice(at)) pending.add(linkId);
        throw error;
      }
    }
    if (isLost) await leaderboard.markRebuilt();
  }

  const rounds = repeatRounds(publish, { everyMs, onError });
  return {
    changed(quarters) {
      for (const { linkId, quarterAt } of quarters) {
        pending.add(linkId);
        since = Math.min(since, quarterAt);
      }
    },
    close: () => rounds.close(),
  };
}
