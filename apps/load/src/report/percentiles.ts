import type { RecordableHistogram } from 'node:perf_hooks';

/** The percentiles that tables show. */
export const shownPercentiles = [50, 75, 90, 99, 99.9, 99.99] as const;

export interface PercentilePoint {
  percentile: number;
  ms: number;
}

/** Steps between one nine and the next (90, 99, 99.9, …). */
const stepsPerNine = 12;

/**
 * The distribution of a histogram of microseconds, for a plot over a scale of nines: from 0 as far as there are enough values to
 * tell, so a thousand of them end at 99.9. Empty for an empty histogram.
 */
export function percentilePoints(histogram: RecordableHistogram): PercentilePoint[] {
  const points: PercentilePoint[] = [];
  if (histogram.count === 0) return points;
  const nines = Math.log10(histogram.count);
  for (let step = 0; step <= nines * stepsPerNine; step += 1) {
    const percentile = 100 * (1 - 10 ** (-step / stepsPerNine));
    points.push({ percentile, ms: msAt(histogram, percentile) });
  }
  return points;
}

/** A percentile of a histogram of microseconds, in ms; 0 if it is empty. */
export function msAt(histogram: RecordableHistogram, percentile: number): number {
  if (histogram.count === 0) return 0;
  // The interface knows no percentile 0.
  return histogram.percentile(Math.max(percentile, 1e-9)) / 1_000;
}
