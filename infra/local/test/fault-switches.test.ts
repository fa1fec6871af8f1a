import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { until } from '@shortstack/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { keepRunning } from '../src/keep-running.ts';
import { createFaultSwitches, type FaultSwitch } from '../src/switches/fault-switches.ts';
import { isServed, makeStubStack, type StubStack, startSupervisor } from './start-stub-stack.ts';

async function startStack(options: Partial<StubStack> = {}) {
  const stack = await makeStubStack(options);
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');
  const url = `http://127.0.0.1:${stack.ports.switches}/switches`;
  const headers = { authorization: 'Bearer of-this-start', origin: 'http://ops.test' };
  const turn = async (name: string, isOn: boolean) => {
    const answer = await fetch(`${url}/${name}`, {
      ...{ method: 'PUT', headers, body: JSON.stringify({ isOn }) },
    });
    const { switches } = (await answer.json()) as { switches: FaultSwitch[] };
    return switches.find((each) => each.name === name);
  };
  return { stack, supervisor, url, headers, turn };
}

/** `T` stands for suspended. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const stateOf = (pid: number) =>
  readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .charAt(0);

const redisPid = ({ dataDirectory }: StubStack) =>
  Number(readFileSync(join(dataDirectory, 'redis/redis.pid'), 'utf8'));

test('a Redis hangs while its switch is on', async () => {
  const { stack, supervisor, turn } = await startStack();
  const pid = redisPid(stack);
  const on = await turn('hang-redis', true);
  expect(on).toEqual({
    ...{ name: 'hang-redis', unit: 'redis', fault: 'hang', isOn: true },
    secondsLeft: 300,
  });
  await until(() => stateOf(pid) === 'T');
  expect(await turn('hang-redis', false)).toMatchObject({ isOn: false, secondsLeft: null });
  await until(() => stateOf(pid) !== 'T');
  expect(supervisor.output()).toContain('redis hangs: switched on, for 300 s at most');
});

test('what a switch has stopped is not started again until it is switched off', async () => {
  const { stack, supervisor, turn } = await startStack();
  await turn('hang-redis', true);
  // It takes the place of the other.
  await turn('stop-redis', true);
  expect(await turn('hang-redis', false)).toMatchObject({ isOn: false });
  expect(await isServed(stack.ports.redis)).toBe(false);
  expect(await turn('stop-first', true)).toMatchObject({ isOn: true });
  expect(await isServed(stack.ports.first)).toBe(false);
  const answer = await fetch(`http://127.0.0.1:${stack.ports.second}`);
  const { pid: secondPid } = (await answer.json()) as { pid: number };
  // This one takes as long to start again as the others would.
  process.kill(secondPid, 'SIGKILL');
  await supervisor.says('second is running again');
  expect([await isServed(stack.ports.redis), await isServed(stack.ports.first)]).toEqual([
    false,
    false,
  ]);

  // It is started for it, to hang.
  expect(await turn('hang-redis', true)).toMatchObject({ isOn: true });
  await turn('hang-redis', false);
  await supervisor.says('redis is running again');
  expect(await isServed(stack.ports.redis)).toBe(true);
  await turn('stop-first', false);
  await supervisor.says('first is running again');
});

test('PostgreSQL is slow while its switch is on, and answers all the same', async () => {
  const { stack, turn } = await startStack({ withPostgres: true });
  const client = new pg.Client({
    connectionString: `postgres://postgres:secret@127.0.0.1:${stack.ports.postgres}/postgres`,
  });
  await client.connect();
  onTestFinished(() => client.end());
  const pidFile = join(stack.dataDirectory, 'postgres/postmaster.pid');
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);

  await turn('slow-postgres', true);
  for (let round = 0; round < 3; round += 1) {
    await until(() => stateOf(pid) === 'T');
    await client.query('SELECT 1');
  }
  await turn('slow-postgres', false);
  expect(stateOf(pid)).not.toBe('T');
  await client.query('SELECT 1');
});

test('a switch undoes itself', async () => {
  const { stack } = await startStack();
  const pid = redisPid(stack);
  const server = {
    ...{ name: 'redis', ports: [], logFile: '', faults: ['hang'] as const },
    stopLeftover: async () => false,
    start: async () => ({ pid, exited: new Promise<never>(() => {}), stop: async () => {} }),
    whyNotReady: async () => undefined,
  };
  const kept = keepRunning(server);
  await kept.ready;
  const switches = createFaultSwitches([kept], { maxMs: 2_000 });
  expect(await switches.set('hang-redis', true)).toBe(true);
  // The signal is sent by then, and the process stops when its core next looks.
  await until(() => stateOf(pid) === 'T');
  await until(() => switches.list().every(({ isOn }) => !isOn));
  await until(() => stateOf(pid) !== 'T');
});

test('with the supervisor all faults end, and it ends as ever', { timeout: 60_000 }, async () => {
  const { stack, supervisor, turn } = await startStack({ withPostgres: true });
  await turn('hang-redis', true);
  await turn('slow-postgres', true);
  await turn('stop-first', true);
  supervisor.kill('SIGTERM');
  expect(await supervisor.exited).toBe(0);
  const served = await Promise.all(Object.values(stack.ports).map(isServed));
  expect(served).not.toContain(true);
  expect(supervisor.output()).not.toContain('first is running again');
});

test('after kill -9 of a supervisor whose switches were on the next start comes up', async () => {
  const { stack, supervisor, turn } = await startStack({ withPostgres: true });
  await turn('hang-redis', true);
  await turn('slow-postgres', true);
  supervisor.kill('SIGKILL');
  await supervisor.exited;
  const next = await startSupervisor(stack);
  await next.says('The stack is up');
  expect(next.output()).toContain('stopped what it left: redis, postgres');
});

test('only the operations page may switch, with the token, at this address', async () => {
  const { stack, url, headers } = await startStack();
  const status = async (init: RequestInit, path = '') =>
    (await fetch(`${url}${path}`, init)).status;
  const allowed = await fetch(url, { headers });
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
    ...[200, 'http://ops.test'],
  ]);
  expect(await status({})).toBe(401);
  expect(await status({ headers: { authorization: 'Bearer of-another-start' } })).toBe(401);
  expect(await status({ headers: { ...headers, origin: 'http://evil.test' } })).toBe(403);
  expect(await status({ headers }, '/hang-nothing')).toBe(404);
  const put = { method: 'PUT', headers };
  expect(await status({ ...put, body: '{"isOn":true}' }, '/hang-nothing')).toBe(404);
  expect(await status({ ...put, body: 'x'.repeat(5_000) }, '/hang-redis')).toBe(400);
  const preflight = await fetch(`${url}/hang-redis`, {
    ...{ method: 'OPTIONS', headers: { origin: 'http://ops.test' } },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
    ...[204, 'GET, PUT'],
  ]);
  // A page of an attacker whose name leads here.
  const rebound = await new Promise((resolve) => {
    const host = `evil.test:${stack.ports.switches}`;
    request(url, { headers: { ...headers, host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(rebound).toBe(403);
});
