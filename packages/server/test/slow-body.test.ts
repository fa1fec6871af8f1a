import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { allowSlowBody } from '../src/index.ts';
import { sendRaw } from './send-raw.ts';
import { startServer } from './start-server.ts';

type SlowRequest = Parameters<typeof allowSlowBody>;

function start(slowTimeoutMs: number) {
  return startServer(
    (server) => {
      server.post('/usual', (request) => request.body);
      const onRequest = async (request: SlowRequest[0], reply: SlowRequest[1]) =>
        allowSlowBody(request, reply, slowTimeoutMs);
      server.post('/slow', { onRequest }, (request) => request.body);
    },
    { requestTimeoutMs: 200 },
  );
}

const halfOf = (path: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a"`;

test('one route may take its time while the others of the server may not', async () => {
  const { port } = await start(60_000);
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(halfOf('/slow'));
  // Begun later: when it is over, the first one's time has been up as well.
  for (let round = 0; round < 2; round += 1) {
    expect(await sendRaw(port, halfOf('/usual'))).toMatchObject({ status: 408 });
  }
  socket.write(':1}');
  const [answer] = await once(socket);
  expect(answer).toMatch(/^HTTP\/1.1 200[\s\S]*\{"a":1\}$/);

  // The next request on the same connection is one like any other.
  socket.write(halfOf('/usual'));
  const [refusal] = await once(socket);
  expect(refusal).toMatch(/^HTTP\/1.1 408/);
  socket.destroy();
});

test('a slow route has a limit too', async () => {
  const { port } = await start(50);
  const answer = await sendRaw(port, halfOf('/slow'));
  expect(answer.status).toBe(408);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

const once = (socket: ReturnType<typeof connect>): Promise<[string]> =>
  new Promise((resolve) => socket.once('data', (data: Buffer) => resolve([data.toString()])));

test('a request that is refused before its body is read is not told later that it came too late', async () => {
  const { server, port } = await start(100);
  let late = 0;
  server.server.on('clientError', () => {
    late += 1;
  });
  const headers = { 'content-type': 'text/unknown' };
  const refused = await server.inject({ method: 'POST', url: '/slow', headers, payload: 'x' });
  expect(refused.statusCode).toBe(415);
  // Begun later: when it is over, the first one's time has been up as well.
  expect(await sendRaw(port, halfOf('/slow'))).toMatchObject({ status: 408 });
  expect(late).toBe(1);
});
