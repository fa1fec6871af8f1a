import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import { isServed, makeStubStack, type StubStack, startSupervisor } from './start-stub-stack.ts';

const pidOf = async (port: number) =>
  ((await (await fetch(`http://127.0.0.1:${port}/`)).json()) as { pid: number }).pid;

const redisPid = ({ dataDirectory }: StubStack) =>
  Number(readFileSync(join(dataDirectory, 'redis/redis.pid'), 'utf8'));

const anyServed = async ({ ports }: StubStack) =>
  (await Promise.all(Object.values(ports).map(isServed))).includes(true);

test('SIGTERM stops the services, then the servers, and leaves no process and no lock', async () => {
  const stack = await makeStubStack({ withPostgres: true });
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');
  expect(await Promise.all(Object.values(stack.ports).map(isServed))).not.toContain(false);

  supervisor.kill('SIGTERM');

  expect(await supervisor.exited).toBe(0);
  expect(await anyServed(stack)).toBe(false);
  const stopped = readFileSync(join(stack.dataDirectory, 'stopped'), 'utf8');
  expect(stopped.trim().split('\n').toSorted()).toEqual([
    'first found Redis there',
    'second found Redis there',
  ]);
  expect(readdirSync(join(stack.dataDirectory, 'run'))).toEqual([]);
  expect(readdirSync(stack.dataDirectory).filter((name) => /supervisor/.test(name))).toEqual([]);
});

test('a stop in the middle of the start leaves nothing running', async () => {
  const stack = await makeStubStack({ withPostgres: true });
  const supervisor = await startSupervisor(stack);
  await until(() => existsSync(join(stack.dataDirectory, 'supervisor.json')));

  supervisor.kill('SIGTERM');

  expect(await supervisor.exited).toBe(0);
  expect(supervisor.output()).not.toContain('The stack is up');
  expect(await anyServed(stack)).toBe(false);
});

test('a service that dies is started again, after a wait that doubles, and that is said', async () => {
  const stack = await makeStubStack();
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');
  const before = await pidOf(stack.ports.first);

  process.kill(before, 'SIGKILL');
  await supervisor.says('first was ended by SIGKILL; starting it again in 0.5 s');
  await supervisor.says('first is running again');
  expect(await pidOf(stack.ports.first)).not.toBe(before);

  await fetch(`http://127.0.0.1:${stack.ports.first}/exit`).catch(() => {});
  await supervisor.says('first ended with exit code 3; starting it again in 1 s');
  await supervisor.says(/first is running again(.|\n)*first is running again/);
});

test('a Redis server that dies is started again, and that is said', async () => {
  const stack = await makeStubStack();
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');
  const before = redisPid(stack);

  process.kill(before, 'SIGKILL');

  await supervisor.says('redis was ended by SIGKILL; starting it again in 0.5 s');
  await supervisor.says('redis is running again');
  expect(redisPid(stack)).not.toBe(before);
});

test('after kill -9 of the supervisor its services stop by themselves', async () => {
  const stack = await makeStubStack();
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');

  supervisor.kill('SIGKILL');
  await supervisor.exited;

  await until(async () => !(await isServed(stack.ports.first)));
  await until(async () => !(await isServed(stack.ports.second)));

  // The servers are left to the next start.
  const next = await startSupervisor(stack);
  await next.says('The stack is up');
  expect(next.output()).toContain('stopped what it left: redis\n');
});

test('after kill -9 of the supervisor the next start stops what is left, and comes up', async () => {
  const stack = await makeStubStack({ withPostgres: true });
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');
  const services = [await pidOf(stack.ports.first), await pidOf(stack.ports.second)];
  const redis = redisPid(stack);
  // Suspended, they can't stop by themselves.
  for (const pid of services) process.kill(pid, 'SIGSTOP');

  supervisor.kill('SIGKILL');
  await supervisor.exited;
  const next = await startSupervisor(stack);

  await next.says('The stack is up');
  expect(next.output()).toContain('stopped what it left: first, second, redis, postgres');
  expect(services).not.toContain(await pidOf(stack.ports.first));
  expect(redisPid(stack)).not.toBe(redis);
});

test('a port in use is named with who uses it and the remedy, and nothing is started', async () => {
  const stack = await makeStubStack();
  const server = createServer().listen(stack.ports.second, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');

  const supervisor = await startSupervisor(stack);

  expect(await supervisor.exited).toBe(1);
  expect(supervisor.output().trim()).toMatch(
    new RegExp(
      `^Port ${stack.ports.second}, which second needs, is in use by .+ \\(process ${process.pid}\\): stop that, or move all ports with \`PORT_OFFSET=100 npm start\`\\.$`,
    ),
  );
  expect(await isServed(stack.ports.redis)).toBe(false);
});

test('a second supervisor on the same data is refused in one sentence', async () => {
  const stack = await makeStubStack();
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');

  const second = await startSupervisor(stack);

  expect(await second.exited).toBe(1);
  expect(second.output().trim()).toMatch(
    /^The stack already runs on \S+ \(process \d+\): stop it with .*PORT_OFFSET=100 npm start`\.$/,
  );
  expect(second.output()).toContain(`kill ${supervisor.pid}`);
  expect(await isServed(stack.ports.first)).toBe(true);
});

test('a start that comes while the last one is stopping waits for it', async () => {
  const stack = await makeStubStack({ firstEnvironment: { IGNORES_SIGTERM: 'yes' } });
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');
  supervisor.kill('SIGINT');
  await supervisor.says('Stopping (Ctrl-C)');

  const next = await startSupervisor({ ...stack, firstEnvironment: {} });
  await next.says('Waiting for the last start to finish stopping');
  expect(next.output()).not.toContain('The stack is up');
  process.kill(await pidOf(stack.ports.first), 'SIGKILL');

  await next.says('The stack is up');
  expect(await supervisor.exited).toBe(0);
});

test('a later Ctrl-C does not wait for services that still work', async () => {
  const stack = await makeStubStack({ firstEnvironment: { IGNORES_SIGTERM: 'yes' } });
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');

  supervisor.kill('SIGINT');
  await supervisor.says('Stopping (Ctrl-C)');
  await until(() => {
    supervisor.kill('SIGINT');
    return supervisor.output().includes('first was still finishing its work: killed');
  });

  expect(await supervisor.exited).toBe(0);
  expect(await anyServed(stack)).toBe(false);
});

test('a service that ends three times before it is ready stops the start with its last words', async () => {
  const stack = await makeStubStack({ firstEnvironment: { EXIT_AT_ONCE: 'yes' } });

  const supervisor = await startSupervisor(stack);

  expect(await supervisor.exited).toBe(1);
  expect(supervisor.output()).toContain('first ended with exit code 1 3 times before it was ready');
  expect(supervisor.output().trim()).toMatch(/\nError: DATABASE_URL must be set$/);
  expect(await anyServed(stack)).toBe(false);
});

test('errors that a service logs are shown, each once', async () => {
  const stack = await makeStubStack();
  const supervisor = await startSupervisor(stack);
  await supervisor.says('The stack is up');

  await fetch(`http://127.0.0.1:${stack.ports.first}/log-error`);
  await fetch(`http://127.0.0.1:${stack.ports.first}/log-error`);

  await supervisor.says('first: a batch was lost: disk');
  expect(supervisor.output().match(/a batch was lost/g)).toHaveLength(1);
});

test('kill -9 of the npm that started the supervisor stops everything', async () => {
  const stack = await makeStubStack();
  const main = join(import.meta.dirname, 'stubs/main.ts');
  const npm = spawn('sh', ['-c', `"${process.execPath}" --conditions=source "${main}"; true`], {
    env: {
      PATH: process.env.PATH,
      STUB_STACK: JSON.stringify(stack),
      npm_lifecycle_event: 'start',
    },
    stdio: 'ignore',
  });
  await until(() => isServed(stack.ports.second), { deadlineMs: 15_000 });

  npm.kill('SIGKILL');

  const gone = () => !existsSync(join(stack.dataDirectory, 'supervisor.json'));
  await until(gone, { deadlineMs: 15_000 });
  expect(await anyServed(stack)).toBe(false);
});
