import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Failure, Outcome } from './connection.ts';

/** What happened within an interval, or in a whole run. Plain data: it can be posted between threads. */
export interface Tally {
  /**
   * In microseconds, from when a request was meant to be sent to its complete answer. Of answers as expected, and of requests that
   * waited for one until their timeout; a refusal that comes at once would make the service look quick.
   */
  latency: RecordableHistogram;
  /** In microseconds, how much later than meant the generator sent although a connection was free. */
  lateness: RecordableHistogram;
  /** Requests that had to wait because all connections were busy. */
  waited: number;
  /** Complete answers, whatever their status. */
  answers: number;
  /** Answers with a status that was not expected. */
  unexpected: number;
  statuses: Record<number, number>;
  failures: Partial<Record<Failure, number>>;
}

/** Latencies above this count as this. */
const maxMicroseconds = 120_000_000;

/** An HDR histogram of microseconds with three significant figures, which can be added to and posted to other threads. */
function createLatencyHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: maxMicroseconds, figures: 3 });
}

export function createTally(): Tally {
  return {
    latency: createLatencyHistogram(),
    lateness: createLatencyHistogram(),
    waited: 0,
    answers: 0,
    unexpected: 0,
    statuses: {},
    failures: {},
  };
}

/** `ms` since something, as a histogram takes it. */
export function recordMs(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.min(maxMicroseconds, Math.max(1, Math.round(ms * 1_000))));
}

/** Adds one outcome. Returns whether it is an answer with a status that was expected. */
export function tallyOutcome(
  tally: Tally,
  outcome: Outcome,
  latencyMs: number,
  isExpected: (status: number) => boolean,
): boolean {
  if (typeof outcome === 'string') {
    if (outcome === 'timeout' || outcome === 'not sent') recordMs(tally.latency, latencyMs);
    tally.failures[outcome] = (tally.failures[outcome] ?? 0) + 1;
    return false;
  }
  const { status } = outcome;
  tally.answers += 1;
  tally.statuses[status] = (tally.statuses[status] ?? 0) + 1;
  if (!isExpected(status)) {
    tally.unexpected += 1;
    return false;
  }
  recordMs(tally.latency, latencyMs);
  return true;
}

/** Adds `from` to `into`. */
export function addTally(into: Tally, from: Tally): void {
  if (from.latency.count > 0) into.latency.add(from.latency);
  if (from.lateness.count > 0) into.lateness.add(from.lateness);
  into.waited += from.waited;
  into.answers += from.answers;
  into.unexpected += from.unexpected;
  addCounts(into.statuses, from.statuses);
  addCounts(into.failures, from.failures);
}

function addCounts<K extends PropertyKey>(
  into: Partial<Record<K, number>>,
  from: Partial<Record<K, number>>,
): void {
  for (const [key, count] of Object.entries(from) as [K, number][]) {
    into[key] = (into[key] ?? 0) + count;
  }
}
