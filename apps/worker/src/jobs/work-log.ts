/** What a jobs process did last, for the registry and the metrics. */
export interface WorkLog {
  /** A run has ended well. `done` says what it did, in a few words; null when there was nothing to do. */
  note(job: string, done: string | null): void;
  /** The last work that was worth telling. */
  last(): string | null;
  /** When each job last ended well, in milliseconds since 1970. */
  successes(): ReadonlyMap<string, number>;
}

export function createWorkLog(now: () => Date): WorkLog {
  const succeededAt = new Map<string, number>();
  let last: string | null = null;
  return {
    note(job, done) {
      succeededAt.set(job, now().getTime());
      if (done !== null) last = `${done} at ${now().toISOString()}`;
    },
    last: () => last,
    successes: () => succeededAt,
  };
}
