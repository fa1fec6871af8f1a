import type { ScoreRecord } from './score-record.ts';
import { bucketExpiry, bucketStart } from './time-buckets.ts';

const maxPairs = 1_000;

/** What one script call sets in one bucket. */
export interface ScoreBatch {
  readonly board: string;
  readonly unit: ScoreRecord['unit'];
  readonly start: number;
  readonly expiresAt: number;
  /** score, member, score, member, …: at most 1,000 pairs. */
  readonly pairs: (string | number)[];
}

/** Groups scores by bucket, leaving out buckets that no window can hold any more. */
export function scoreBatches(records: Iterable<ScoreRecord>, now: number): ScoreBatch[] {
  const open = new Map<string, ScoreBatch>();
  const batches: ScoreBatch[] = [];
  for (const { board, member, time, unit, score } of records) {
    const start = bucketStart(unit, time.getTime());
    const expiresAt = bucketExpiry(unit, start);
    if (expiresAt <= now) continue;
    const key = `${unit}:${start}:${board}`;
    let batch = open.get(key);
    if (!batch || batch.pairs.length >= 2 * maxPairs) {
      batch = { board, unit, start, expiresAt, pairs: [] };
      open.set(key, batch);
      batches.push(batch);
    }
    batch.pairs.push(score, member);
  }
  return batches;
}
