/** A figure that can't be had at once, read again and again for whoever needs it at once. */
export interface Sampler<T> {
  /** Undefined before the first reading, and while readings fail. */
  latest(): T | undefined;
  close(): Promise<void>;
}

/** Reads at once and then each `everyMs` (default 5,000), never twice at a time. A failed reading leaves a gap. */
export function createSampler<T>(read: () => Promise<T>, everyMs = 5_000): Sampler<T> {
  let latest: T | undefined;
  let reading: Promise<void> | undefined;

  function sample(): void {
    reading ??= read()
      .then(
        (value) => {
          latest = value;
        },
        () => {
          latest = undefined;
        },
      )
      .finally(() => {
        reading = undefined;
      });
  }
  sample();
  const timer = setInterval(sample, everyMs);
  timer.unref();

  return {
    latest: () => latest,
    async close() {
      clearInterval(timer);
      await reading;
    },
  };
}
