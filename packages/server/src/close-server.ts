import { connectionActivity } from './connection-activity.ts';
import type { AppServer } from './create-server.ts';
import { inQuietTurn } from './in-quiet-turn.ts';

const sweepEveryMs = 50;
/** Whoever has just connected gets this long to send a request. */
const settleMs = 100;

export interface CloseServerOptions {
  /**
   * How long connections without a request stay open: above the time for which a proxy in front keeps its own idle, so that
   * it closes them and never sends a request into one that is being closed. Default, and at least, 100 ms.
   */
  idleMs?: number;
  /** After this, connections that are still busy are cut. Above `idleMs`. Default 10 s. */
  graceMs?: number;
}

/**
 * Stops listening, waits for requests in flight, then runs the server's `onClose` hooks.
 *
 * New connections are refused in a quiet moment, 0.5 s later at most; from then on a request on an open one is answered with `Connection: close`. Connections without
 * a request are closed once nothing has moved on any for `idleMs`. Whoever is still sending a request or reading an answer
 * after the grace is cut off, so that no client can hold a process. Endless answers (server-sent events) should end themselves
 * in a `preClose` hook.
 */
export async function closeServer(
  server: AppServer,
  { idleMs = settleMs, graceMs = 10_000 }: CloseServerOptions = {},
): Promise<void> {
  const { server: http } = server;
  const closeIdleConnections = http.closeIdleConnections.bind(http);
  // Node's own `close()` would cut idle connections at once, under requests that are on their way.
  http.closeIdleConnections = () => {};
  const stopListening = http.close.bind(http);
  http.close = (done) => {
    inQuietTurn(http, () => stopListening(done));
    return http;
  };
  const quietForMs = connectionActivity(http);
  const sweeper = setInterval(() => {
    if (quietForMs() >= Math.max(idleMs, settleMs)) closeIdleConnections();
  }, sweepEveryMs);
  const cutOff = setTimeout(() => http.closeAllConnections(), graceMs);
  try {
    await server.close();
  } finally {
    clearInterval(sweeper);
    clearTimeout(cutOff);
  }
}
