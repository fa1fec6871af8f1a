import type { AppServer } from './create-server.ts';

const sweepEveryMs = 50;

/**
 * Stops listening, waits for requests in flight, then runs the server's `onClose` hooks. Connections that clients
 * keep open are closed as soon as they are idle: Node alone would wait for the keep-alive timeout of those that were busy when closing began.
 */
export async function closeServer(server: AppServer): Promise<void> {
  const sweeper = setInterval(() => server.server.closeIdleConnections(), sweepEveryMs);
  try {
    await server.close();
  } finally {
    clearInterval(sweeper);
  }
}
