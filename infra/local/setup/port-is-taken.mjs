import { connect, createServer } from 'node:net';

/**
 * Whether the port can't be had on 127.0.0.1, or `localhost` would lead a browser to somebody else on
 * ::1. Both questions are needed: macOS lets a process listen on 127.0.0.1 beside another's wildcard.
 *
 * @param {number} port
 */
export async function portIsTaken(port) {
  const [v4, v6, bindable] = await Promise.all([
    answers('127.0.0.1', port),
    answers('::1', port),
    canListen(port),
  ]);
  return v4 || v6 || !bindable;
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    /** @param {boolean} answer */
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
