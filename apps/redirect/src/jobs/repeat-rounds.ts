export interface Rounds {
  /** Waits for the round under way and starts no other. */
  close(): Promise<void>;
}

/** Runs a round of work again and again, one at a time. What a round rejects with goes to `onError`. */
export function repeatRounds(
  work: () => Promise<void>,
  { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void },
): Rounds {
  let round = Promise.resolve();
  let isRunning = false;
  const timer = setInterval(() => {
    if (isRunning) return;
    isRunning = true;
    round = work()
      .catch(onError)
      .finally(() => {
        isRunning = false;
      });
  }, everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await round;
    },
  };
}
