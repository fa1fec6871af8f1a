export interface SharedSnapshots<T> {
  /** Shows each snapshot, the last one at once if it is fresh. Returns how to stop. */
  watch(onSnapshot: (snapshot: T) => void): () => void;
  /** One snapshot: that of a reading under way, or of a new one. */
  read(): Promise<T>;
}

/**
 * Reads a snapshot each `everyMs` (default 2,000) for all who watch together, never twice at a time, and not at all while nobody
 * watches. A reading that rejects is left out.
 */
export function shareSnapshots<T>(read: () => Promise<T>, everyMs = 2_000): SharedSnapshots<T> {
  const watchers = new Set<(snapshot: T) => void>();
  let reading: Promise<T> | undefined;
  let latest: { snapshot: T; at: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function readOnce(): Promise<T> {
    reading ??= read()
      .then((snapshot) => {
        latest = { snapshot, at: performance.now() };
        for (const show of watchers) show(snapshot);
        return snapshot;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }
  const tick = () => void readOnce().catch(() => {});

  return {
    read: readOnce,
    watch(onSnapshot) {
      // A watcher of its own, however often the same function is passed.
      const show = (snapshot: T) => onSnapshot(snapshot);
      watchers.add(show);
      if (timer === undefined) {
        timer = setInterval(tick, everyMs);
        timer.unref();
        tick();
      } else if (latest && performance.now() - latest.at < 2 * everyMs) {
        show(latest.snapshot);
      }
      return () => {
        watchers.delete(show);
        if (watchers.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
