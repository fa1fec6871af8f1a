import { setTimeout as delay } from 'node:timers/promises';

/**
 * A random wait between 0 and a ceiling that doubles from 100 ms with each failure in a row, up to `maxMs`.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function fullJitterMs(failures: number, maxMs: number): number {
  return Math.random() * Math.min(maxMs, 100 * 2 ** Math.min(failures, 20));
}

/** Waits; resolves early, with false, when the signal aborts. */
export async function pause(waitMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    return await delay(waitMs, true, { signal });
  } catch {
    return false;
  }
}
