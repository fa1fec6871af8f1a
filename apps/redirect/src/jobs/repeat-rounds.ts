export interface Rounds {
  /** Waits for the round under way and starts no other. */
  close(): Promise<void>;
}

/** What a round takes, at most of all time. */
const share = 0.1;
const longestPauses = 5;

/**
 * Runs a round of work again and again, one at a time. What a round rejects with goes to `onError`. Rounds that take long come
 * less often, up to five times as rarely: then what they share the machine with comes first.
 */
export function repeatRounds(
  work: () => Promise<void>,
  { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void },
): Rounds {
  let round = Promise.resolve();
  let timer: NodeJS.Timeout;
  let isClosed = false;

  async function run(): Promise<void> {
    const begunMs = performance.now();
    await work().catch(onError);
    const tookMs = performance.now() - begunMs;
    const pauseMs = Math.max(everyMs - tookMs, Math.min(tookMs / share, longestPauses * everyMs));
    if (!isClosed) start(pauseMs);
  }

  function start(pauseMs: number): void {
    timer = setTimeout(() => {
      round = run();
    }, pauseMs);
    timer.unref();
  }

  start(everyMs);
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await round;
    },
  };
}
