import { type BucketUnit, bucketExpiry, bucketStart, bucketUnits } from './time-buckets.ts';
import type { Visit } from './visit.ts';

const maxVisitors = 1_000;

/** What one script call adds to one bucket. */
export interface VisitBatch {
  readonly subject: string;
  readonly unit: BucketUnit;
  readonly start: number;
  readonly expiresAt: number;
  /** At most 1,000. */
  readonly visitors: readonly string[];
}

/** Groups visits by bucket, each visitor once, leaving out buckets that no window can hold any more. */
export function visitBatches(visits: readonly Visit[], now: number): VisitBatch[] {
  const buckets = new Map<string, Omit<VisitBatch, 'visitors'> & { visitors: Set<string> }>();
  for (const { subject, visitor, time } of visits) {
    for (const unit of bucketUnits) {
      const start = bucketStart(unit, time.getTime());
      const expiresAt = bucketExpiry(unit, start);
      if (expiresAt <= now) continue;
      const key = `${unit}:${start}:${subject}`;
      let bucket = buckets.get(key);
      if (!bucket) {
        bucket = { subject, unit, start, expiresAt, visitors: new Set() };
        buckets.set(key, bucket);
      }
      bucket.visitors.add(visitor);
    }
  }
  return [...buckets.values()].flatMap(({ visitors, ...bucket }) => {
    const all = [...visitors];
    return Array.from({ length: Math.ceil(all.length / maxVisitors) }, (_, i) => ({
      ...bucket,
      visitors: all.slice(i * maxVisitors, (i + 1) * maxVisitors),
    }));
  });
}
