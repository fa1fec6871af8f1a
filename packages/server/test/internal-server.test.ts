import { unavailable } from '@shortstack/errors';
import { createLogger, createMetrics } from '@shortstack/telemetry';
import { expect, onTestFinished, test } from 'vitest';
import { createInternalServer, createReadiness, type DependencyProbe } from '../src/index.ts';

const up = async () => {};
const down = async () => {
  throw unavailable('REDIS_UNAVAILABLE', 'Redis “hub” does not answer.');
};

function start(probes: DependencyProbe[], now?: () => number) {
  const logger = createLogger({ service: 'test', instanceId: 'test-1', level: 'silent' });
  const metrics = createMetrics({ service: 'test', instanceId: 'test-1' });
  onTestFinished(metrics.close);
  const readiness = createReadiness({ probes, ...(now ? { now } : {}) });
  const server = createInternalServer({ logger, instanceId: 'test-1', readiness, metrics });
  return { server, readiness, metrics };
}

test('a process whose dependencies all answer is ready', async () => {
  const { server } = start([
    { name: 'database', required: true, probe: up },
    { name: 'redis-hub', required: false, probe: up, breaker: () => 'closed', calls: () => 7 },
  ]);
  const response = await server.inject('/readyz');
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({
    status: 'ready',
    instance: 'test-1',
    dependencies: [
      { name: 'database', required: true, state: 'up' },
      { name: 'redis-hub', required: false, state: 'up', breaker: 'closed', calls: 7 },
    ],
  });
});

test('a process stays ready without a dependency that it can do without, and says that it is down', async () => {
  const { server } = start([
    { name: 'redis-hub', required: false, probe: down, breaker: () => 'open' },
  ]);
  const response = await server.inject('/readyz');
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({
    status: 'ready',
    dependencies: [
      { name: 'redis-hub', state: 'down', breaker: 'open', detail: 'Redis “hub” does not answer.' },
    ],
  });
});

test('a process is not ready without a dependency that it needs', async () => {
  const { server } = start([
    { name: 'database', required: true, probe: down },
    { name: 'redis-hub', required: false, probe: up },
  ]);
  const response = await server.inject('/readyz');
  expect(response.statusCode).toBe(503);
  expect(response.json()).toMatchObject({ status: 'not_ready' });
});

test('a driver’s error shows its code alone', async () => {
  const probe = async () => {
    throw Object.assign(new Error('postgres://app:hunter2@db refused'), { code: 'ECONNREFUSED' });
  };
  const { server } = start([{ name: 'database', required: true, probe }]);
  const response = await server.inject('/readyz');
  expect(response.body).not.toContain('hunter2');
  expect(response.json().dependencies[0].detail).toBe('ECONNREFUSED');
});

test('a draining process is not ready, however well its dependencies are, and is still alive', async () => {
  const { server, readiness } = start([{ name: 'database', required: true, probe: up }]);
  expect((await server.inject('/readyz')).statusCode).toBe(200);
  readiness.drain();
  const response = await server.inject('/readyz');
  expect(response.statusCode).toBe(503);
  expect(response.json()).toMatchObject({ status: 'draining' });
  expect((await server.inject('/livez')).statusCode).toBe(200);
});

test('a dependency that hangs counts as down after its timeout and is not asked again meanwhile', async () => {
  let asked = 0;
  let clock = 0;
  const probe = () => {
    asked += 1;
    return new Promise<void>(() => {});
  };
  const { server } = start(
    [{ name: 'database', required: true, probe, timeoutMs: 30 }],
    () => clock,
  );
  for (let round = 0; round < 3; round += 1) {
    const response = await server.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json().dependencies[0].detail).toBe('no answer within 30 ms');
    clock += 1000;
  }
  expect(asked).toBe(1);
});

test('a flood of checks asks each dependency once per second', async () => {
  let asked = 0;
  let clock = 0;
  const probe = async () => {
    asked += 1;
  };
  const { server } = start([{ name: 'database', required: true, probe }], () => clock);
  const flood = () => Promise.all(Array.from({ length: 50 }, () => server.inject('/readyz')));
  await flood();
  clock = 999;
  await flood();
  expect(asked).toBe(1);
  clock = 1000;
  await flood();
  expect(asked).toBe(2);
});

test('a dependency that recovers makes the process ready again', async () => {
  let clock = 0;
  let probe: () => Promise<void> = down;
  const { server } = start(
    [{ name: 'database', required: true, probe: () => probe() }],
    () => clock,
  );
  expect((await server.inject('/readyz')).statusCode).toBe(503);
  probe = up;
  clock = 1000;
  expect((await server.inject('/readyz')).statusCode).toBe(200);
});

test('metrics say which dependencies answer and which breakers are closed', async () => {
  let isUp = false;
  let now = 0;
  const { server } = start(
    [
      { name: 'postgres', required: true, probe: up },
      {
        name: 'redis-hub',
        required: false,
        probe: () => (isUp ? up() : down()),
        breaker: () => (isUp ? 'closed' : 'half-open'),
      },
    ],
    () => now,
  );
  const shown = async () =>
    (await server.inject('/metrics')).body.match(/^shortstack_(dependency|breaker).* \d/gm);
  const labels = (name: string) => `{dependency="${name}",service="test"}`;
  expect(await shown()).toEqual([
    `shortstack_dependency_up${labels('postgres')} 1`,
    `shortstack_dependency_up${labels('redis-hub')} 0`,
    `shortstack_breaker_closed${labels('redis-hub')} 0`,
  ]);
  isUp = true;
  now += 2_000;
  expect(await shown()).toContain(`shortstack_dependency_up${labels('redis-hub')} 1`);
  expect(await shown()).toContain(`shortstack_breaker_closed${labels('redis-hub')} 1`);
});

test('metrics are shown in Prometheus’ text format', async () => {
  const { server, metrics } = start([]);
  metrics.counter('links_created_total', 'Links created').add(2);
  const response = await server.inject('/metrics');
  expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(response.body).toContain('links_created_total{service="test"} 2');
});

test('what was found last is told without waiting for a dependency that hangs', async () => {
  let time = 0;
  let hangs = false;
  const answer = Promise.withResolvers<void>();
  const probe = () => (hangs ? answer.promise : up());
  const { readiness } = start(
    [{ name: 'database', required: true, probe, timeoutMs: 60_000 }],
    () => time,
  );
  expect((await readiness.latest()).status).toBe('ready');
  hangs = true;
  time = 1_000;
  expect((await readiness.latest()).status).toBe('ready');
  answer.reject(new Error('gone'));
  expect((await readiness.check()).status).toBe('not_ready');
  expect((await readiness.latest()).status).toBe('not_ready');
});
