import { connect } from 'node:net';

/**
 * Writes bytes to a connection as they are, then `trickle` once a second, and returns all that was answered until
 * the server closed it, and how long that took.
 */
export function rawExchange(
  origin: string,
  bytes: string,
  trickle?: string,
): Promise<{ text: string; ms: number }> {
  const { hostname, port } = new URL(origin);
  const start = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = trickle && setInterval(() => socket.write(trickle), 1_000);
    socket.on('data', (chunk) => {
      text += chunk;
    });
    // A reset counts as an end: it is how nginx drops those that are slow.
    socket.on('error', () => {});
    socket.once('close', () => {
      clearInterval(timer || undefined);
      resolve({ text, ms: performance.now() - start });
    });
  });
}
