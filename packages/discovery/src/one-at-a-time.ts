export interface OneAtATime {
  /** Starts the work; while it runs, has it run once more afterwards, however often it is asked. */
  readonly run: () => void;
  /** Lets nothing start any more and waits for what runs. */
  close(): Promise<void>;
}

/** Keeps runs of the same work from overlapping and from queueing up. The work must not reject. */
export function oneAtATime(work: () => Promise<void>): OneAtATime {
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;

  function run(): void {
    if (closed) return;
    if (running) {
      again = true;
      return;
    }
    running = work().finally(() => {
      running = undefined;
      if (!again) return;
      again = false;
      run();
    });
  }

  return {
    run,
    async close() {
      closed = true;
      await running;
    },
  };
}
