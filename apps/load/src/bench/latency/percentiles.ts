/** Those that are drawn, as shares of all requests from the slow end: evenly on a logarithmic axis. */
export const percentiles: readonly number[] = [
  1, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 100,
];

/** One of them in a list that follows `percentiles`. */
export function percentileOf(values: readonly number[], percent: number): number {
  return values[percentiles.indexOf(percent)] ?? Number.NaN;
}
