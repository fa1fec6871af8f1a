import {
  createLeaderboard,
  createUniqueVisitors,
  type ScoreRecord,
  type Visit,
  windowBuckets,
} from '@shortstack/analytics';
import type { RedisConnection } from '@shortstack/redis';

export interface RebuildAnalyticsOptions {
  hub: RedisConnection;
  loadScoredLinks: () => Promise<number[]>;
  loadScores: (linkIds: readonly number[], since: Date) => Promise<ScoreRecord[]>;
  loadVisits: (since: Date) => AsyncIterable<Visit[]>;
  now: () => number;
}

export interface RebuiltAnalytics {
  links: number;
  scores: number;
  visits: number;
}

const linksAtOnce = 1_000;

/**
 * Writes into the hub all that PostgreSQL has for leaderboards and unique visitors, of every window. What is there already stays, so it
 * may be run again, and while clicks are counted. Rejects when the hub or PostgreSQL goes away; then run it again.
 */
export async function rebuildAnalytics(
  options: RebuildAnalyticsOptions,
): Promise<RebuiltAnalytics> {
  const { hub, loadScoredLinks, loadScores, loadVisits, now } = options;
  const leaderboard = createLeaderboard({ redis: hub, name: 'redirect' });
  const visitors = createUniqueVisitors({ redis: hub, name: 'redirect' });
  // Notes which server this is: one that takes its place meanwhile is not marked as rebuilt.
  await leaderboard.needsRebuild();
  await visitors.needsRebuild();

  const since = new Date(Math.min(...windowBuckets('week', now()).starts));
  const linkIds = await loadScoredLinks();
  const rebuilt = { links: linkIds.length, scores: 0, visits: 0 };
  for (let i = 0; i < linkIds.length; i += linksAtOnce) {
    const scores = await loadScores(linkIds.slice(i, i + linksAtOnce), since);
    await leaderboard.record(scores);
    rebuilt.scores += scores.length;
  }
  await leaderboard.markRebuilt();

  for await (const visits of loadVisits(since)) {
    await visitors.record(visits);
    rebuilt.visits += visits.length;
  }
  await visitors.markRebuilt();
  return rebuilt;
}
