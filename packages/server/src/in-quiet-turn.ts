import type { Server } from 'node:http';

const pauseMs = 25;
const waitForPauseMs = 250;
const maxTurnMs = 0.5;
const maxWaitMs = 500;

/**
 * Calls `act` right after a turn of the event loop that was short and accepted no connection: once none came for 25 ms, or where
 * there is no such pause within 250 ms after the first turn like that; at the latest after 0.5 s.
 *
 * When a listening socket is closed, the system resets the connections that wait in its queue or are being made, and with them
 * requests that a proxy has already written and can't repeat. A proxy connects in bursts, whenever all that it keeps is in use, so
 * after a pause there are most likely none.
 *
 * @see https://man7.org/linux/man-pages/man2/listen.2.html
 */
export function inQuietTurn(server: Server, act: () => void): void {
  const start = performance.now();
  let lastAccepted = start;
  let turnStart = Number.NEGATIVE_INFINITY;
  const onConnection = () => {
    lastAccepted = performance.now();
  };
  // Immediates run right after connections were accepted.
  const afterTurn = () => {
    const now = performance.now();
    const isShort = now - turnStart < maxTurnMs;
    const isQuiet =
      now - lastAccepted >= pauseMs || (lastAccepted < turnStart && now - start > waitForPauseMs);
    if ((isShort && isQuiet) || now - start > maxWaitMs) {
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
