import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { runClosedLoop, runOpenLoop } from '../src/generate/run-loop.ts';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const once = { connections: 1, rate: 20, seconds: 0.1, timeoutMs: 100 };

it('counts each status, and what was not expected', async () => {
  let count = 0;
  const url = await listen(
    createHttpServer((_request, response) => {
      count += 1;
      response.writeHead(count % 4 === 0 ? 503 : 302).end('x'.repeat(count % 100));
    }),
  );
  const { total } = await runOpenLoop({ url, rate: 400, connections: 5, seconds: 0.5 });
  expect(total).toMatchObject({ answers: 200, unexpected: 50, statuses: { 302: 150, 503: 50 } });
  expect(total.latency.count).toBe(200);
});

it('without keep-alive each request has a connection of its own', async () => {
  let connections = 0;
  const server = createHttpServer((_request, response) => response.end('ok'));
  server.on('connection', () => {
    connections += 1;
  });
  const url = await listen(server);
  const options = { url, rate: 200, connections: 5, seconds: 0.5, keepAlive: false };
  const { total } = await runOpenLoop(options);
  expect(total).toMatchObject({ answers: 100, failures: {} });
  expect(connections).toBe(100);
});

it.each([
  ['timeout', () => undefined],
  ['closed', (socket) => socket.once('data', () => socket.end('HTTP/1.1 302 Found\r\n'))],
  ['reset', (socket) => socket.once('data', () => socket.resetAndDestroy())],
  ['bad response', (socket) => socket.once('data', () => socket.write('nonsense\r\n\r\n'))],
] satisfies [string, (socket: import('node:net').Socket) => unknown][])(
  'a request may fail by: %s',
  async (kind, behave) => {
    const url = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        behave(socket);
      }),
    );
    const { total } = await runOpenLoop({ url, ...once });
    expect(total.answers).toBe(0);
    expect(total.failures[kind as 'timeout']).toBeGreaterThan(0);
  },
);

it('a request that finds nobody listening is refused, and does not run wild', async () => {
  const url = await listen(createServer());
  await new Promise((resolve) => servers.pop()?.close(resolve));
  const { total } = await runClosedLoop({ url, connections: 2, seconds: 0.3 });
  expect(total.failures.refused).toBeGreaterThan(0);
  expect(total.failures.refused).toBeLessThan(50);
});

it('requests that get no connection before their timeout are told as not sent', async () => {
  const url = await listen(createServer((socket) => socket.on('error', () => undefined)));
  const { total } = await runOpenLoop({ url, ...once, rate: 200, seconds: 0.5 });
  expect(total.failures['not sent']).toBeGreaterThan(50);
  expect(total.latency.count).toBe(100);
});
