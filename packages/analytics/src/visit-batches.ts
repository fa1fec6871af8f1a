import { type BucketUnit, bucketExpiry, bucketStart, bucketUnits } from './time-buckets.ts';
import type { Visit } from './visit.ts';

const maxVisitors = 1_000;

/** What one script call adds to the buckets of one subject and moment. */
export interface VisitBatch {
  readonly subject: string;
  /** Those that some window may still hold: as a rule a quarter, its hour and its day. */
  readonly buckets: readonly { unit: BucketUnit; start: number; expiresAt: number }[];
  /** At most 1,000. */
  readonly visitors: readonly string[];
}

/**
 * Groups visits by the smallest bucket that some window may still hold, each visitor once; who is in it is in the longer ones
 * that it lies in, too. Leaves out visits that no window can hold any more.
 */
export function visitBatches(visits: readonly Visit[], now: number): VisitBatch[] {
  const moments = new Map<number, Map<string, Set<string>>>();
  let [lastTime, moment]: [number, number | undefined] = [Number.NaN, undefined];
  for (const { subject, visitor, time } of visits) {
    const timeMs = time.getTime();
    if (timeMs !== lastTime) {
      lastTime = timeMs;
      moment = liveBuckets(timeMs, now)[0]?.start;
    }
    if (moment === undefined) continue;
    let subjects = moments.get(moment);
    if (subjects === undefined) {
      subjects = new Map();
      moments.set(moment, subjects);
    }
    const visitors = subjects.get(subject);
    if (visitors === undefined) subjects.set(subject, new Set([visitor]));
    else visitors.add(visitor);
  }
  return [...moments].flatMap(([moment, subjects]) => {
    const buckets = liveBuckets(moment, now);
    return [...subjects].flatMap(([subject, visitors]) => {
      const all = [...visitors];
      return Array.from({ length: Math.ceil(all.length / maxVisitors) }, (_, i) => ({
        subject,
        buckets,
        visitors: all.slice(i * maxVisitors, (i + 1) * maxVisitors),
      }));
    });
  });
}

/** The buckets of a moment that some window may still hold, the smallest first. */
function liveBuckets(time: number, now: number): VisitBatch['buckets'] {
  return bucketUnits
    .map((unit) => {
      const start = bucketStart(unit, time);
      return { unit, start, expiresAt: bucketExpiry(unit, start) };
    })
    .filter(({ expiresAt }) => expiresAt > now);
}
