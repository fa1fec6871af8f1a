import type { Tallies } from '../generate/seconds.ts';
import type { Tally } from '../generate/tally.ts';
import { msAt } from '../report/percentiles.ts';

/** What a kind of request came to within a second. */
export interface SecondOfKind
  extends Pick<Tally, 'answers' | 'unexpected' | 'statuses' | 'failures'> {
  p50: number;
  p99: number;
  longest: number;
}

/** One second of a run, of all threads together. Latencies in ms. */
export interface RunSecond {
  kinds: Record<string, SecondOfKind>;
  /** Its real length: the last one is shorter. */
  seconds: number;
  /** Of the busiest thread, how much of the time its event loop was busy, 0 to 1. */
  busiest: number;
}

/** Keeps the figures of a second, and not its histograms of some 300 KB. */
export function summarizeSecond({
  tallies,
  seconds,
  busiest,
}: {
  tallies: Tallies;
  seconds: number;
  busiest: number;
}): RunSecond {
  const kinds = Object.entries(tallies).map(([kind, tally]) => {
    const { answers, unexpected, statuses, failures, latency } = tally;
    const [p50, p99, longest] = [msAt(latency, 50), msAt(latency, 99), msAt(latency, 100)];
    return [kind, { answers, unexpected, statuses, failures, p50, p99, longest }] as const;
  });
  return { kinds: Object.fromEntries(kinds), seconds, busiest };
}

/** Without the rest of a second at the end, of which a rate would say little. */
export function wholeSeconds(seconds: readonly RunSecond[]): readonly RunSecond[] {
  return seconds.filter((second) => second.seconds > 0.5);
}

/** Those in which a run of so many seconds sent: the ones behind wait for answers that are late, and would make rates too small. */
export function sendingSeconds(seconds: readonly RunSecond[], length: number): RunSecond[] {
  let until = 0;
  return seconds.filter((second) => {
    const from = until;
    until += second.seconds;
    return from === 0 || from < length - 0.5;
  });
}
