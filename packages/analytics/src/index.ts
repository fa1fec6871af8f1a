export {
  createLeaderboard,
  type Leaderboard,
  type LeaderboardEntry,
  type LeaderboardOptions,
  type ScoreRecord,
} from './leaderboard.ts';
export { type BucketUnit, bucketStart, type Window, windowBuckets } from './time-buckets.ts';
