import { setTimeout as pause } from 'node:timers/promises';
import { answerWithin } from './answer-within.ts';
import type { CacheOptions } from './cache.ts';
import type { Counters } from './counters.ts';
import type { StoredEntry } from './entry-format.ts';
import { keysOf, type Lookup } from './lookup.ts';
import type { createRedisTier } from './redis-tier.ts';

const FIRST_PAUSE_MS = 4;

export interface LeaseOptions<T> extends Pick<CacheOptions<T>, 'loadTimeoutMs'> {
  tier: ReturnType<typeof createRedisTier>;
  leaseWaitMs: number;
  /** Answers the lookup with an entry of L2, if it is good enough. */
  answer: (lookup: Lookup<T>, entry: StoredEntry | undefined) => boolean;
  load: (lookups: Lookup<T>[]) => Promise<void>;
  counters: Counters;
}

/**
 * Returns a function that loads what L2 doesn't have, so that of all processes only one asks the system of record for a key: whoever gets
 * the lease. The others look again after 4, 8, … ms until the value is there, or the lease was given back and is theirs; and
 * load like everyone else after `leaseWaitMs`, or at once if Redis doesn't answer.
 *
 * @see https://www.usenix.org/system/files/conference/nsdi13/nsdi13-final170_update.pdf section 3.2.1, thundering herds
 */
export function createLeasedLoading<T>(options: LeaseOptions<T>) {
  const { tier, leaseWaitMs, counters, answer, load } = options;

  return async function loadUnderLease(missing: Lookup<T>[]): Promise<void> {
    const deadline = performance.now() + leaseWaitMs;
    const loads: Promise<void>[] = [];
    let waiting = missing;
    let pauseMs = Math.min(FIRST_PAUSE_MS, leaseWaitMs / 4);
    for (;;) {
      const claims = await claimWithin(waiting, deadline - performance.now());
      if (claims === undefined) break;
      const own: Lookup<T>[] = [];
      const held: Lookup<T>[] = [];
      for (const [index, lookup] of waiting.entries()) {
        const claim = claims[index];
        if (claim === 'held') held.push(lookup);
        else if (typeof claim === 'number') own.push(Object.assign(lookup, { lease: claim }));
        else if (!answer(lookup, claim)) own.push(lookup);
      }
      if (waiting === missing) counters.leaseWaits += held.length;
      if (own.length > 0) loads.push(load(own));
      waiting = held;
      if (held.length === 0) break;
      await pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, leaseWaitMs / 4);
    }
    if (waiting !== missing) counters.leaseTimeouts += waiting.length;
    if (waiting.length > 0) loads.push(load(waiting));
    await Promise.all(loads);
  };

  async function claimWithin(lookups: Lookup<T>[], timeoutMs: number) {
    if (timeoutMs <= 0) return undefined;
    const claims = tier.claim(keysOf(lookups), options.loadTimeoutMs);
    return await answerWithin(claims, timeoutMs).catch(() => undefined);
  }
}
