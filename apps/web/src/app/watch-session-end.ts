const name = 'shortstack-session';
const retryMs = 5_000;
const timeoutMs = 10_000;

/**
 * Calls back once when the session of this browser has ended. One tab alone listens to create, and tells the others: browsers
 * open six connections to a host, and each tab may need one. When that tab is closed the next one takes over. Returns a
 * function that ends it.
 */
export function watchSessionEnd(onEnd: () => void): () => void {
  const stop = new AbortController();
  const tabs = new BroadcastChannel(name);
  const end = () => {
    stop.abort();
    onEnd();
  };
  tabs.onmessage = end;
  const listen = () =>
    listenToCreate(stop.signal, () => {
      tabs.postMessage('ended');
      end();
    });
  // Where the page came without TLS there are no locks: then each tab listens for itself.
  if (navigator.locks === undefined) void listen();
  else navigator.locks.request(name, { signal: stop.signal }, listen).catch(() => {});
  stop.signal.addEventListener('abort', () => tabs.close());
  return () => stop.abort();
}

/** Resolves when it is told to stop. */
async function listenToCreate(signal: AbortSignal, onEnd: () => void): Promise<void> {
  while (!signal.aborted) {
    await untilClosed(new EventSource('/api/auth/live'), signal, onEnd);
    // The browser gives up after any answer but 200: that of a session that is over, or of a server with trouble.
    if (!signal.aborted && (await isSignedOut(signal))) onEnd();
    else await pause(retryMs, signal);
  }
}

function untilClosed(events: EventSource, signal: AbortSignal, onEnd: () => void): Promise<void> {
  return new Promise((resolve) => {
    const close = () => {
      signal.removeEventListener('abort', close);
      events.close();
      resolve();
    };
    signal.addEventListener('abort', close, { once: true });
    events.addEventListener('ended', onEnd);
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) close();
    };
  });
}

async function isSignedOut(signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return (await fetch('/api/auth/me', { signal: limit })).status === 401;
  } catch {
    return false;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
