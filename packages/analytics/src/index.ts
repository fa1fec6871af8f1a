export {
  createLeaderboard,
  type Leaderboard,
  type LeaderboardEntry,
  type LeaderboardOptions,
} from './leaderboard.ts';
export type { ScoreRecord } from './score-record.ts';
export { type BucketUnit, bucketStart, type Window, windowBuckets } from './time-buckets.ts';
export {
  createUniqueVisitors,
  type UniqueVisitors,
  type UniqueVisitorsOptions,
} from './unique-visitors.ts';
export type { Visit } from './visit.ts';
