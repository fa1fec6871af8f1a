import type { Server } from 'node:http';

const maxTurnMs = 0.5;
const maxWaitMs = 500;

/**
 * Calls `act` right after a turn of the event loop that was short and accepted no connection, at the latest after 0.5 s.
 *
 * When a listening socket is closed, the system resets the connections that wait in its queue to be accepted, and with them requests
 * that a proxy has already written and can't repeat. After such a turn the queue is empty but for what comes in within microseconds.
 *
 * @see https://man7.org/linux/man-pages/man2/listen.2.html
 */
export function inQuietTurn(server: Server, act: () => void): void {
  const deadline = performance.now() + maxWaitMs;
  let accepted = false;
  let turnStart = Number.NEGATIVE_INFINITY;
  const onConnection = () => {
    accepted = true;
  };
  // Immediates run right after connections were accepted.
  const afterTurn = () => {
    const now = performance.now();
    const isQuiet = !accepted && now - turnStart < maxTurnMs;
    if (isQuiet || now > deadline) {
      server.off('connection', onConnection);
      act();
      return;
    }
    accepted = false;
    turnStart = performance.now();
    setImmediate(afterTurn);
  };
  server.on('connection', onConnection);
  setImmediate(afterTurn);
}
