import { AppError } from '@shortstack/errors';
import type { RedisConnection } from '@shortstack/redis';
import { leaderboardScripts } from './leaderboard-scripts.ts';
import { createRebuildMarker } from './rebuild-marker.ts';
import { scoreBatches } from './score-batches.ts';
import type { ScoreRecord } from './score-record.ts';
import { type BucketUnit, type Window, windowBuckets } from './time-buckets.ts';

const batchesAtOnce = 50;

export interface LeaderboardOptions {
  /** The hub. */
  redis: RedisConnection;
  /** First part of every key: the service that writes, such as `redirect`. */
  name: string;
  /** How many members a bucket keeps: the best ones. Default 500. */
  maxMembers?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

export interface LeaderboardEntry {
  member: string;
  score: number;
}

export interface Leaderboard {
  /**
   * Sets totals; sending them again, late or out of order changes nothing, since the highest stays. (So a total can't be
   * corrected downwards before its bucket expires.) Totals of buckets that no window holds any more are left out.
   *
   * Not atomic as a whole: after a rejection some buckets may be set; send everything again.
   * Cost: one script per bucket and 1,000 members, fifty under way at once.
   *
   * @throws AppError `internal` / `SCORE_INVALID`, before anything is sent; `unavailable` / `REDIS_UNAVAILABLE`.
   */
  record(records: readonly ScoreRecord[]): Promise<void>;
  /**
   * The best members of a board, best first, over the window that ends now: hour = the last 60 to 75 minutes, day = 24 to 25
   * hours, week = 7 to 8 days, since whole buckets are added up. Equal scores are in no promised order.
   *
   * Exact for boards of up to `maxMembers` members per bucket. Beyond that a member's score lacks every bucket in which it was not
   * among the best: at most the lowest score kept there.
   *
   * Cost: one script in O(m log m), m = members of 5, 25 or 8 buckets: about 0.5 ms for 25 × 100, 13 ms for 25 × 500 all different (the most).
   *
   * @throws AppError `unavailable` / `REDIS_UNAVAILABLE`.
   */
  top(query: { board: string; window: Window; limit: number }): Promise<LeaderboardEntry[]>;
  /**
   * Whether Redis may have lost scores since the last rebuild: it was emptied, restarted or replaced. Then whoever keeps the truth
   * sends it all through `record` and calls `markRebuilt`. On a Redis Cluster it sees the loss of one node only.
   *
   * @throws AppError `unavailable` / `REDIS_UNAVAILABLE`.
   */
  needsRebuild(): Promise<boolean>;
  /**
   * Notes that all is there again; call it after `needsRebuild` and the rebuild. Has no effect if Redis was restarted between
   * the two, so that the next `needsRebuild` says so.
   *
   * @throws AppError `unavailable` / `REDIS_UNAVAILABLE`.
   */
  markRebuilt(): Promise<void>;
}

/**
 * Leaderboards in sorted sets, one per board and time bucket, each with an expiry: a view that can be lost at any time and
 * rebuilt from where the counts are kept. It holds no resources of its own.
 *
 * @see https://redis.io/docs/latest/develop/data-types/sorted-sets/
 */
export function createLeaderboard(options: LeaderboardOptions): Leaderboard {
  const { redis, name, maxMembers = 500, now = Date.now } = options;
  const bucketKey = (board: string, unit: BucketUnit, start: number) =>
    `${name}:leaderboard:{${board}}:${unit}:${start / 1000}`;
  const marker = createRebuildMarker(redis, `${name}:leaderboard:rebuilt`);

  return {
    async record(records) {
      assertScores(records);
      const batches = scoreBatches(records, now());
      for (let i = 0; i < batches.length; i += batchesAtOnce) {
        const some = batches.slice(i, i + batchesAtOnce);
        await redis.run((client) =>
          Promise.all(
            some.map(({ board, unit, start, expiresAt, pairs }) =>
              leaderboardScripts.setScores.run(
                client,
                [bucketKey(board, unit, start)],
                [expiresAt, maxMembers, ...pairs],
              ),
            ),
          ),
        );
      }
    },

    async top({ board, window, limit }) {
      const { unit, starts } = windowBuckets(window, now());
      const keys = starts.map((start) => bucketKey(board, unit, start));
      const reply = await redis.run((client) =>
        leaderboardScripts.topMembers.run(client, keys, [limit]),
      );
      return toEntries(Array.isArray(reply) ? reply : []);
    },

    needsRebuild: () => marker.isMissing(),
    markRebuilt: () => marker.set(),
  };
}

function toEntries(flat: readonly unknown[]): LeaderboardEntry[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => ({
    member: String(flat[2 * i]),
    score: Number(flat[2 * i + 1]),
  }));
}

function assertScores(records: readonly ScoreRecord[]): void {
  for (const { score, time } of records) {
    if (Number.isFinite(score) && score >= 0 && Number.isFinite(time.getTime())) continue;
    throw new AppError('internal', 'SCORE_INVALID', 'A score or its time is no proper value.');
  }
}
