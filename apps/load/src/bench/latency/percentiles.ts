/** Those that are drawn and shown. */
export const percentiles: readonly number[] = [
  1, 10, 25, 50, 60, 70, 75, 80, 85, 90, 93, 95, 97, 98, 99, 99.3, 99.5, 99.7, 99.8, 99.9, 99.95,
  99.97, 99.99,
];

/** One of them in a list that follows `percentiles`. */
export function percentileOf(values: readonly number[], percent: number): number {
  return values[percentiles.indexOf(percent)] ?? Number.NaN;
}
