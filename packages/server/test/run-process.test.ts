import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';

const script = fileURLToPath(new URL('./fixtures/example-process.ts', import.meta.url));

function run(fault = 'none') {
  const child = spawn(process.execPath, ['--conditions=source', script, fault]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const output: string[] = [];
  const errors: string[] = [];
  createInterface(child.stdout).on('line', (line) => output.push(line));
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const logged = (message: string) =>
    until(() => output.find((line) => line.includes(message)), {
      deadlineMs: 20_000,
      message: `“${message}” was not logged; it was: ${output.join('\n')} ${errors.join('\n')}`,
    });
  const started = async () => {
    const entry = JSON.parse((await logged('"started"')) ?? '');
    return {
      origin: `http://127.0.0.1:${entry.public.port}`,
      internal: `http://127.0.0.1:${entry.internal.port}`,
    };
  };
  return { child, output, errors, exited, logged, started };
}

test('on SIGTERM a request in flight on a kept-alive connection finishes, readiness has dropped, and the process exits with 0', async () => {
  const { child, output, exited, logged, started } = run();
  const { origin, internal } = await started();
  expect((await fetch(`${internal}/readyz`)).status).toBe(200);

  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const answered = new Promise<number>((resolve, reject) => {
    const request = get(`${origin}/slow`, { agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
  });
  await logged('request in flight');
  child.kill('SIGTERM');
  await logged('SIGTERM: closing');

  const readiness = await fetch(`${internal}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toMatchObject({ status: 'draining' });
  const isRefused = () =>
    fetch(`${origin}/other`).then(
      () => false,
      () => true,
    );
  await until(isRefused, { message: 'It still takes connections' });

  expect(await answered).toBe(200);
  const answeredAt = performance.now();
  expect(await exited).toBe(0);
  // Far below the keep-alive timeout of 72 s, for which Node alone would wait.
  expect(performance.now() - answeredAt).toBeLessThan(5000);
  expect(output.at(-1)).toContain('first resource closed');
});

test('the signals of a terminal and its supervisor together end the process once, with 0', async () => {
  const { child, exited, started } = run();
  await started();
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});

test('a bad configuration stops the start with its list on standard error and exit code 1', async () => {
  const { errors, output, exited } = run('bad-config');
  expect(await exited).toBe(1);
  expect(errors).toEqual(['Could not start: One setting is wrong:', '  PORT: must be set']);
  expect(output).toEqual([]);
});

test('a start that fails says so in one sentence, closes what was open and exits with 1', async () => {
  const { output, exited } = run('failing-start');
  expect(await exited).toBe(1);
  expect(output[0]).toContain('"could not start: PostgreSQL does not answer"');
  expect(output[1]).toContain('first resource closed');
});

test('an uncaught error is logged as fatal, what is open is closed, and the process exits with 1', async () => {
  const { output, exited, started } = run();
  const { origin } = await started();
  await fetch(`${origin}/crash`).catch(() => undefined);
  expect(await exited).toBe(1);
  const fatal = output.map((line) => JSON.parse(line)).find(({ level }) => level === 'fatal');
  expect(fatal).toMatchObject({ msg: 'uncaught error', err: { message: 'nobody expected this' } });
  expect(output.at(-1)).toContain('first resource closed');
});

test('a resource that fails to close is named, keeps no other open, and makes the exit code 1', async () => {
  const { child, output, exited, started } = run('failing-close');
  await started();
  child.kill('SIGTERM');
  expect(await exited).toBe(1);
  expect(output.at(-2)).toContain('closing bad resource failed');
  expect(output.at(-1)).toContain('first resource closed');
});

test('a resource that never closes is named at the deadline, and the process exits with 1', async () => {
  const { child, output, exited, started } = run('stuck-close');
  await started();
  child.kill('SIGTERM');
  expect(await exited).toBe(1);
  expect(output.at(-1)).toContain('closing took longer than 300 ms, at: stuck resource');
});
