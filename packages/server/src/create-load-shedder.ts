import { performance } from 'node:perf_hooks';

export interface LoadShedderOptions {
  /** How late the event loop may be for long. Default 1,000 ms: above what many connections at once cause while all are served. */
  targetDelayMs?: number;
  /** How often the delay is sampled. Default 25 ms. */
  sampleEveryMs?: number;
}

export interface LoadShedder {
  /** Whether to serve the request that has just come in. If not, it is answered with 503 and `Retry-After`. Nearly free. */
  admit(): boolean;
  /** The last sample of the delay, the share of requests refused at the moment (0 to 0.95), and how many were refused so far. */
  stats(): { delayMs: number; share: number; refused: number };
  close(): void;
}

const maxShare = 0.95;
/** How much one late sample adds to the share at most, and what a punctual one leaves of it. */
const gain = 0.1;
const decay = 0.9;
/** Whoever is late with fewer requests per sample is not late because of them: the machine is busy, or one request is slow. */
const minRequests = 20;

/**
 * Keeps the event loop's delay, and so the time that requests wait, near a target by refusing as many of them as it takes and
 * no more: refusing all until the delay is gone would waste what could have been served.
 *
 * The delay is that of a timer; of the last two samples the shorter counts, so that one long garbage collection refuses
 * nobody. Above the target the refused share grows with the excess, below it the share decays. It takes about a second to
 * find its place. The timer does not keep the process alive; it costs a few microseconds per sample.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8289 on the shortest delay of an interval as the measure of a standing queue
 * @see https://www.rfc-editor.org/rfc/rfc8033 on a share controlled by the delay
 */
export function createLoadShedder(options: LoadShedderOptions = {}): LoadShedder {
  const { targetDelayMs = 1_000, sampleEveryMs = 25 } = options;
  let share = 0;
  let delayMs = 0;
  let requests = 0;
  let refused = 0;
  /** Grows by `share` with each request; each whole one is a refusal, so they are spread evenly. */
  let due = 0;
  let lastSampleAt = performance.now();

  const timer = setInterval(() => {
    const now = performance.now();
    const before = delayMs;
    delayMs = Math.max(0, now - lastSampleAt - sampleEveryMs);
    lastSampleAt = now;
    const excess = Math.min(before, delayMs) / targetDelayMs - 1;
    if (excess <= 0) share = share < 0.01 ? 0 : share * decay;
    else if (requests >= minRequests)
      share = Math.min(maxShare, share + gain * Math.min(1, excess));
    requests = 0;
  }, sampleEveryMs).unref();

  function refuse(): boolean {
    refused += 1;
    return false;
  }

  return {
    admit() {
      requests += 1;
      if (share === 0) return true;
      due += share;
      if (due < 1) return true;
      due -= 1;
      return refuse();
    },
    stats: () => ({ delayMs, share, refused }),
    close: () => clearInterval(timer),
  };
}
