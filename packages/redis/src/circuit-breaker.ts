import { unavailable } from '@shortstack/errors';

export type CircuitState = 'closed' | 'open' | 'half-open';

/** Stops calling a dependency that keeps failing, so that nobody waits for it. */
export interface CircuitBreaker {
  readonly name: string;
  readonly state: CircuitState;
  /** How often `run` was called since the start, refused calls included. */
  readonly calls: number;
  /**
   * Runs `work` unless the breaker is open (or half-open and already trying): then rejects at once with
   * an `AppError` of kind `unavailable`, code `CIRCUIT_OPEN`. The errors of `work` pass through unchanged.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Calls the listener after each change of state. Returns how to stop that. */
  onStateChange(listener: (state: CircuitState) => void): () => void;
}

/** What the creator of a breaker may do with it; others see a `CircuitBreaker`. */
export interface OwnedBreaker extends CircuitBreaker {
  /** Opens at once, on better knowledge than counted failures. */
  trip(): void;
  /** Closes at once, on an answer that the dependency gave elsewhere. */
  reset(): void;
  /** Stops the timer. */
  close(): void;
}

export interface BreakerOptions {
  name: string;
  /** Failures in a row that open it; any answer in between starts the count again. Default 3. */
  failuresToOpen?: number;
  /** How long it stays open before it tries again, in milliseconds. Default 500. */
  halfOpenAfterMs?: number;
  /** Which errors mean that the dependency is away. Default: all. The others count as an answer. */
  isFailure?: (error: unknown) => boolean;
  /** How to find out whether the dependency is back. Without it the first caller after the wait is the trial. */
  probe?: () => Promise<unknown>;
  /** Starts a timer, returns how to cancel it. Default `setTimeout`, which keeps no process alive. */
  startTimer?: (delayMs: number, callback: () => void) => () => void;
}

/**
 * A breaker that counts failures in a row. With a `probe`, callers never wait for a dependency that is
 * away: while it is open or half-open all are refused, and the probe alone runs. One success closes it:
 * a mistake costs `failuresToOpen` more failures, while a slow recovery would cost every caller.
 *
 * Calls that began before a change of state don't count in the new one, so the stragglers of an outage
 * can't open a breaker that has just closed.
 *
 * @see https://martinfowler.com/bliki/CircuitBreaker.html
 */
export function createBreaker(options: BreakerOptions): OwnedBreaker {
  const { name, failuresToOpen = 3, halfOpenAfterMs = 500, probe } = options;
  const { isFailure = () => true, startTimer = startUnrefTimer } = options;
  const listeners = new Set<(state: CircuitState) => void>();
  let state: CircuitState = 'closed';
  let era = 0;
  let failures = 0;
  let calls = 0;
  let trying = false;
  let closed = false;
  let cancelTimer = () => {};

  function enter(next: CircuitState) {
    state = next;
    era += 1;
    failures = 0;
    trying = false;
    cancelTimer();
    for (const listener of listeners) listener(next);
  }

  function open() {
    enter('open');
    if (!closed) cancelTimer = startTimer(halfOpenAfterMs, tryAgain);
  }

  function tryAgain() {
    enter('half-open');
    if (probe) attempt(probe).catch(() => {});
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    const begunIn = era;
    trying = state === 'half-open';
    try {
      const result = await work();
      if (begunIn === era) answered();
      return result;
    } catch (error) {
      if (begunIn === era) {
        if (isFailure(error)) failed();
        else answered();
      }
      throw error;
    }
  }

  function answered() {
    if (state === 'half-open') enter('closed');
    else failures = 0;
  }

  function failed() {
    failures += 1;
    if (state === 'half-open' || failures >= failuresToOpen) open();
  }

  return {
    name,
    get state() {
      return state;
    },
    get calls() {
      return calls;
    },
    async run(work) {
      calls += 1;
      if (state !== 'closed' && (state === 'open' || probe || trying)) {
        throw unavailable('CIRCUIT_OPEN', `${name} is not available at the moment.`);
      }
      return attempt(work);
    },
    onStateChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    trip() {
      if (state === 'closed') open();
    },
    reset() {
      if (state !== 'closed') enter('closed');
    },
    close() {
      closed = true;
      cancelTimer();
    },
  };
}

function startUnrefTimer(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs).unref();
  return () => clearTimeout(timer);
}
