import { type UniqueVisitors, type Visit, windowBuckets } from '@shortstack/analytics';
import { repeatRounds } from './repeat-rounds.ts';

export interface VisitorPublisherOptions {
  visitors: UniqueVisitors;
  /** People's clicks since a point in time, in portions. */
  loadVisits: (since: Date) => AsyncIterable<Visit[]>;
  onError: (error: unknown) => void;
  /** Default 1,000 ms. */
  everyMs?: number;
  /** How many visits wait in memory while the hub is away. Beyond, they are read from PostgreSQL again. Default 300,000: about 20 MB. */
  maxPending?: number;
  now?: () => number;
}

export interface VisitorPublisher {
  /** Notes visits that were counted. */
  counted(visits: readonly Visit[]): void;
  /** Breaks off reading again, and publishes what is pending if the hub is there. */
  close(): Promise<void>;
}

/** A process that died may not have published what it counted last: the next one reads so much again. */
const catchUpMs = 15 * 60_000;

/**
 * Adds to the hub who visited which link: each second what was counted since, at the start the last quarter of an hour, and all of
 * the longest window when the hub has lost it. Adding is repeatable, so doing it again does no harm.
 * While the hub or PostgreSQL is away, the next round tries again.
 */
export function createVisitorPublisher(options: VisitorPublisherOptions): VisitorPublisher {
  const { visitors, loadVisits, onError, everyMs = 1_000, maxPending = 300_000 } = options;
  const { now = Date.now } = options;
  const closing = new AbortController();
  let pending: Visit[] = [];
  /** From when on the hub may lack visits that are not pending. */
  let missingSince: number | null = now() - catchUpMs;

  function readAgainFrom(time: number): void {
    missingSince = Math.min(missingSince ?? time, time);
  }

  async function publish(): Promise<void> {
    const isLost = await visitors.needsRebuild();
    if (isLost) readAgainFrom(Math.min(...windowBuckets('week', now()).starts));
    const since = missingSince;
    missingSince = null;
    const taken = pending;
    pending = [];
    try {
      if (since !== null) {
        for await (const visits of loadVisits(new Date(since))) {
          closing.signal.throwIfAborted();
          await visitors.record(visits);
        }
      }
      await visitors.record(taken);
    } catch (error) {
      if (since !== null) readAgainFrom(since);
      counted(taken);
      throw error;
    }
    if (isLost) await visitors.markRebuilt();
  }

  function counted(visits: readonly Visit[]): void {
    for (const visit of visits) {
      if (pending.length < maxPending) pending.push(visit);
      else readAgainFrom(visit.time.getTime());
    }
  }

  const rounds = repeatRounds(publish, { everyMs, onError });
  return {
    counted,
    async close() {
      closing.abort();
      await rounds.close();
      await visitors.record(pending).catch(onError);
    },
  };
}
