export {
  createLeaderboard,
  type Leaderboard,
  type LeaderboardEntry,
  type LeaderboardOptions,
} from './leaderboard.ts';
export type { ScoreRecord } from './score-record.ts';
export { type BucketUnit, bucketStart, type Window, windowBuckets } from './time-buckets.ts';
