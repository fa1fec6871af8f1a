import type { BucketUnit } from './time-buckets.ts';

/** How much a member has had in one bucket, all in all. */
export interface ScoreRecord {
  /** Whose leaderboard: an account's id, for example. */
  board: string;
  member: string;
  unit: BucketUnit;
  /** Any time within the bucket. */
  time: Date;
  /** The total of the bucket so far, not what is new. Finite and not negative. */
  score: number;
}
