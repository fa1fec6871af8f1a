import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { pacedBy } from '../src/generate/pacer.ts';
import { runFlow } from '../src/generate/run-flow.ts';
import { runClosedLoop, runOpenLoop } from '../src/generate/run-loop.ts';
import { createTally } from '../src/generate/tally.ts';

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
  // What is refused says nothing about how long an answer takes.
  expect(total.latency.count).toBe(150);
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

it('says how many requests had to wait for a connection', async () => {
  const url = await listen(
    createHttpServer((_request, response) => void setTimeout(() => response.end(), 50)),
  );
  const { total } = await runOpenLoop({ url, rate: 100, connections: 1, seconds: 0.2 });
  expect(total.waited).toBeGreaterThan(10);
  const idle = await runOpenLoop({ url, rate: 100, connections: 50, seconds: 0.5 });
  expect(idle.total.waited).toBe(0);
});

it('what waits for a connection at an early end is told as not sent', async () => {
  const url = await listen(createServer((socket) => socket.on('error', () => undefined)));
  const stop = new AbortController();
  const tally = createTally();
  const flow = runFlow({
    origin: new URL(url),
    connections: 1,
    timeoutMs: 500,
    keepAlive: true,
    pacer: pacedBy([{ seconds: 10, from: 100, to: 100 }], performance.now()),
    next: () => ({ kind: 'all', text: '', isExpected: () => true }),
    tally: () => tally,
    endsAt: performance.now() + 10_000,
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(), 300);
  await flow.done;
  expect(tally.failures).toEqual({ timeout: 1, 'not sent': flow.sent - 1 });
  expect(flow.sent).toBeGreaterThan(20);
});

it('requests that get no connection before their timeout are told as not sent', async () => {
  const url = await listen(createServer((socket) => socket.on('error', () => undefined)));
  const { total } = await runOpenLoop({ url, ...once, rate: 200, seconds: 0.5 });
  expect(total.failures['not sent']).toBeGreaterThan(50);
  expect(total.latency.count).toBe(100);
});
