import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { runClosedLoop, runOpenLoop } from '../src/generate/run-loop.ts';
import { msAt } from '../src/report/percentiles.ts';

let stallMs = 0;
/** Answers at once, but stands still once, in the middle of each run. */
const server = createServer((_request, response) => {
  const until = performance.now() + stallMs;
  stallMs = 0;
  while (performance.now() < until);
  response.writeHead(302, { location: 'https://target.example/' }).end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
afterAll(() => void server.close());

it('a stall of the server shows in the percentiles of an open loop, and not in those of a closed one', async () => {
  const stall = () =>
    setTimeout(() => {
      stallMs = 400;
    }, 300);
  stall();
  const open = await runOpenLoop({ url, rate: 1_000, connections: 2, seconds: 1.2 });
  stall();
  const closed = await runClosedLoop({ url, connections: 2, seconds: 1.2 });

  expect(open.total.answers).toBe(1_200);
  // A quarter of all requests were meant to be sent more than 100 ms before the end of the stall.
  expect(msAt(open.total.latency, 80)).toBeGreaterThan(100);
  // Two requests met it.
  expect(msAt(closed.total.latency, 80)).toBeLessThan(100);
});
