import { performance } from 'node:perf_hooks';

export interface LoadShedder {
  /** True while the event loop lags: requests should be refused with 503 and `Retry-After`. A plain field, free to read. */
  readonly overloaded: boolean;
  /** The last sample of the lag. */
  readonly lagMs: number;
  close(): void;
}

export interface LoadShedderOptions {
  /** Requests are refused while the lag is above this. */
  maxEventLoopDelayMs: number;
  /** How often the lag is sampled. Default 50 ms. */
  sampleEveryMs?: number;
}

/**
 * Watches how late the event loop is, by a timer's own delay. Two late samples in a row mean
 * overload, so that one long garbage collection refuses nobody; one punctual sample ends it.
 * The timer does not keep the process alive. Costs a few microseconds per sample, nothing per request.
 */
export function createLoadShedder(options: LoadShedderOptions): LoadShedder {
  const { maxEventLoopDelayMs, sampleEveryMs = 50 } = options;
  const state = { overloaded: false, lagMs: 0, close: () => clearInterval(timer) };
  let lastSampleAt = performance.now();

  const timer = setInterval(() => {
    const now = performance.now();
    const wasLate = state.lagMs > maxEventLoopDelayMs;
    state.lagMs = Math.max(0, now - lastSampleAt - sampleEveryMs);
    lastSampleAt = now;
    state.overloaded = wasLate && state.lagMs > maxEventLoopDelayMs;
  }, sampleEveryMs).unref();

  return state;
}
