export interface StopRequest {
  /** Aborted once something asked the stack to stop; `reason` says what, in words. */
  readonly signal: AbortSignal;
  /** Aborted when it is asked again a second or more later: whoever waits has lost patience. */
  readonly hurry: AbortSignal;
}

/** A Ctrl-C under `npm start` arrives twice, from the terminal and from npm, which passes it on. */
const SAME_REQUEST_MS = 1_000;
const PARENT_POLL_MS = 250;

/**
 * Listens for Ctrl-C, SIGTERM, a closed terminal, the end of the npm that started this process (a
 * `kill -9` of it reaches nobody else) and errors that nobody caught. From then on none of them ends
 * this process by itself.
 */
export function listenForStop(): StopRequest {
  const stop = new AbortController();
  const hurry = new AbortController();
  let askedAt: number | undefined;

  function ask(reason: string): void {
    if (askedAt === undefined) {
      askedAt = Date.now();
      stop.abort(reason);
    } else if (Date.now() - askedAt > SAME_REQUEST_MS) {
      hurry.abort();
    }
  }

  process.on('SIGINT', () => ask('Ctrl-C'));
  process.on('SIGTERM', () => ask('SIGTERM'));
  process.on('SIGHUP', () => ask('the terminal was closed'));
  for (const stream of [process.stdout, process.stderr]) {
    // EIO: the terminal is gone. EPIPE: whoever read this is, which is no reason to stop (`npm start | head`).
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EIO') ask('the terminal was closed');
    });
  }
  process.on('uncaughtException', (error) => {
    console.error(error);
    process.exitCode = 1;
    ask('an unforeseen error');
  });
  watchParent(() => ask('npm has ended'));
  return { signal: stop.signal, hurry: hurry.signal };
}

function watchParent(onEnd: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onEnd();
  }, PARENT_POLL_MS).unref();
}
