import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@shortstack/testing';
import { afterAll, expect, it } from 'vitest';
import type { LoadPlan } from '../src/load/load-plan.ts';
import { runThreads } from '../src/load/run-threads.ts';

let open = 0;
let most = 0;
const server = createServer((_request, response) => {
  open += 1;
  most = Math.max(most, open);
  setTimeout(() => {
    open -= 1;
    response.writeHead(302).end();
  }, 5);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => void server.close());

const plan: LoadPlan = {
  runId: 'load-x',
  target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  api: undefined,
  links: { slugs: ['a'] },
  distribution: { kind: 'uniform' },
  unknownShare: 0,
  creationShare: 0,
  editsPerSecond: 0,
  stages: [{ seconds: 1.5, from: 100, to: 100 }],
  seconds: 1.5,
  connections: 5,
  threads: 2,
  keepAlive: true,
  timeoutMs: 2_000,
  userAgent: 'x',
  seed: 1,
};
const never = new AbortController().signal;

it('threads share rate and connections, and what they count adds up', async () => {
  const told: number[] = [];
  const run = await runThreads(plan, never, (_second, number) => told.push(number));
  expect(run.total.redirect).toMatchObject({ answers: 150, statuses: { 302: 150 } });
  expect(run.total.redirect?.latency.count).toBe(150);
  expect(run.threads.map(({ issued }) => issued)).toEqual([75, 75]);
  expect(told).toEqual([1, 2]);
  const inSeconds = run.seconds.reduce((sum, { kinds }) => sum + (kinds.redirect?.answers ?? 0), 0);
  expect(inSeconds).toBe(150);
});

it('no more connections are used than were asked for', async () => {
  most = 0;
  await runThreads({ ...plan, stages: undefined, seconds: 0.5 }, never, () => {});
  expect(most).toBe(5);
});

it('a signal that came before the start ends it all the same', async () => {
  const run = await runThreads({ ...plan, seconds: 600 }, AbortSignal.abort(), () => {});
  expect(run.threads).toHaveLength(2);
});

it('when a thread fails, the others end too', async () => {
  let copies = 0;
  const failing = {
    ...{ ...plan, seconds: 600 },
    // Each thread gets a copy of the plan.
    get target() {
      copies += 1;
      return copies === 2 ? 'nonsense' : plan.target;
    },
  };
  await expect(runThreads(failing, never, () => {})).rejects.toThrow('Invalid URL');
  await until(
    () =>
      new Promise<boolean>((resolve) =>
        server.getConnections((_error, count) => resolve(count === 0)),
      ),
  );
});
