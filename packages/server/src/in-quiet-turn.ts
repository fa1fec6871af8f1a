import type { Server } from 'node:http';

const quietMs = 25;
const maxTurnMs = 0.5;
const maxWaitMs = 500;

/**
 * Calls `act` once no connection came for 25 ms, right after a turn of the event loop that was short; at the latest after 0.5 s.
 *
 * When a listening socket is closed, the system resets the connections that wait in its queue or are being made, and with them
 * requests that a proxy has already written and can't repeat. Connections come in bursts, whenever a proxy finds all that it keeps
 * in use, so after a pause there are most likely none.
 *
 * @see https://man7.org/linux/man-pages/man2/listen.2.html
 */
export function inQuietTurn(server: Server, act: () => void): void {
  const deadline = performance.now() + maxWaitMs;
  let lastAccepted = performance.now();
  let turnStart = Number.NEGATIVE_INFINITY;
  const onConnection = () => {
    lastAccepted = performance.now();
  };
  // Immediates run right after connections were accepted.
  const afterTurn = () => {
    const now = performance.now();
    const isQuiet = now - lastAccepted >= quietMs && now - turnStart < maxTurnMs;
    if (isQuiet || now > deadline) {
      server.off('connection', onConnection);
      act();
      return;
    }
    turnStart = performance.now();
    setImmediate(afterTurn);
  };
  server.on('connection', onConnection);
  setImmediate(afterTurn);
}
