import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { closeServer } from '../src/index.ts';
import { startServer } from './start-server.ts';

test.each([
  ['never finishes its request', 'GET / HTTP/1.1\r\nHost: a\r\n'],
  ['waits for an answer that never comes', 'GET /never HTTP/1.1\r\nHost: a\r\n\r\n'],
])('a client that %s can’t keep a server from closing', async (_name, bytes) => {
  const { server, port } = await startServer((app) => {
    app.get('/never', () => new Promise(() => {}));
    app.get('/ok', () => ({}));
  });
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  // An answer on a later connection shows that the server has read the bytes of the earlier one.
  await fetch(`http://127.0.0.1:${port}/ok`);

  const closed = once(socket, 'close');
  await closeServer(server, { graceMs: 100 });
  await closed;
  expect(server.server.listening).toBe(false);
});
