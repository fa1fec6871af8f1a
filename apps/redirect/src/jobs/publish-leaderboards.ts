import type { Leaderboard, ScoreRecord } from '@shortstack/analytics';
import { repeatRounds } from './repeat-rounds.ts';

export interface LeaderboardPublisherOptions {
  leaderboard: Leaderboard;
  /** Absolute scores of these links, of every bucket that a window may still hold. */
  loadScores: (linkIds: readonly number[]) => Promise<ScoreRecord[]>;
  /** Every link with such a score: what to publish when the hub has lost all. */
  loadScoredLinks: () => Promise<number[]>;
  onError: (error: unknown) => void;
  /** Default 1,000 ms. */
  everyMs?: number;
}

export interface LeaderboardPublisher {
  /** Notes links whose counts changed. */
  changed(linkIds: readonly number[]): void;
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

  async function publish(): Promise<void> {
    const isLost = await leaderboard.needsRebuild();
    if (isLost) for (const linkId of await loadScoredLinks()) pending.add(linkId);
    while (pending.size > 0) {
      const linkIds = [...pending].slice(0, linksAtOnce);
      for (const linkId of linkIds) pending.delete(linkId);
      try {
        await leaderboard.record(await loadScores(linkIds));
      } catch (error) {
        for (const linkId of linkIds) pending.add(linkId);
        throw error;
      }
    }
    if (isLost) await leaderboard.markRebuilt();
  }

  const rounds = repeatRounds(publish, { everyMs, onError });
  return {
    changed(linkIds) {
      for (const linkId of linkIds) pending.add(linkId);
    },
    close: () => rounds.close(),
  };
}
