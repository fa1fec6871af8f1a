import type { AppServer } from './create-server.ts';

const sweepEveryMs = 50;

export interface CloseServerOptions {
  /** After this, connections that are still busy are cut. Default 10 s. */
  graceMs?: number;
}

/**
 * Stops listening, waits for requests in flight, then runs the server's `onClose` hooks.
 *
 * Connections that clients keep open are closed as soon as they are idle: Node alone would wait for the keep-alive timeout
 * of those that were busy when closing began. Whoever is still sending a request or reading an answer after `graceMs` is cut
 * off, so that no client can hold a process. Endless answers (server-sent events) should end themselves in a `preClose` hook.
 */
export async function closeServer(
  server: AppServer,
  { graceMs = 10_000 }: CloseServerOptions = {},
): Promise<void> {
  const sweeper = setInterval(() => server.server.closeIdleConnections(), sweepEveryMs);
  const cutOff = setTimeout(() => server.server.closeAllConnections(), graceMs);
  try {
    await server.close();
  } finally {
    clearInterval(sweeper);
    clearTimeout(cutOff);
  }
}
