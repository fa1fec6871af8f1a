import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { until } from '@shortstack/testing';
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

test('while a server closes, a request on an open connection is answered, and a new connection refused', async () => {
  const { server, port } = await startServer((app) => {
    app.get('/ok', () => ({}));
  });
  const used = await keptConnection(port);
  const unused = await keptConnection(port);
  const closing = closeServer(server, { idleMs: 300 });
  await until(() => !server.server.listening);

  await expect(keptConnection(port)).rejects.toThrow('ECONNREFUSED');
  expect(await used.get('/ok')).toMatch(/^HTTP\/1.1 200 [\s\S]*\r\nConnection: close\r\n/i);
  const answeredAt = performance.now();
  await used.closed;
  await unused.closed;
  // It stayed open until nothing had moved for `idleMs`, give or take a timer.
  expect(performance.now() - answeredAt).toBeGreaterThan(280);
  await closing;
});

test('by default idle connections are closed at once', async () => {
  const { server, port } = await startServer((app) => {
    app.get('/ok', () => ({}));
  });
  const { closed } = await keptConnection(port);
  const startedAt = performance.now();
  await closeServer(server);
  await closed;
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a request whose connection is not accepted yet when closing begins is answered', async () => {
  const { server, port } = await startServer((app) => {
    app.get('/ok', () => ({}));
  });
  const asked = new Int32Array(new SharedArrayBuffer(4));
  const program = new URL('./fixtures/connect-and-ask.ts', import.meta.url);
  const client = new Worker(program, { workerData: { port, asked } });
  onTestFinished(() => void client.terminate());
  const answer = once(client, 'message');
  // This thread stands still until the system has taken the connection and the request.
  expect(Atomics.wait(asked, 0, 0, 10_000)).not.toBe('timed-out');
  const closing = closeServer(server);
  expect((await answer)[0]).toMatch(/^HTTP\/1.1 200 /);
  await closing;
});

/** A connection that has had one request answered and stays open. */
async function keptConnection(port: number) {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const get = async (path: string): Promise<string> => {
    const answer = once(socket, 'data');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    return String((await answer)[0]);
  };
  expect(await get('/ok')).toMatch(/^HTTP\/1.1 200 /);
  return { get, closed: once(socket, 'close') };
}
