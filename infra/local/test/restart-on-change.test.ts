import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@shortstack/testing';
import { expect, test } from 'vitest';
import { makeStubCheckout } from './make-stub-checkout.ts';
import { makeStubStack, type StubStack, startSupervisor } from './start-stub-stack.ts';

/** From a change to the start of the new process. */
const PROMISE_MS = 1_000;

async function startWork(options: Partial<StubStack> = {}) {
  const checkout = options.checkout ?? (await makeStubCheckout());
  const stack = await makeStubStack({ ...options, checkout });
  const supervisor = await startSupervisor(stack);
  const count = (text: string) => supervisor.output().split(text).length - 1;
  const write = (file: string, text: string) => writeFileSync(join(checkout, file), text);
  const read = (file: string) => readFileSync(join(checkout, file), 'utf8');
  const pid = (name: string): number =>
    JSON.parse(readFileSync(join(stack.dataDirectory, 'run', `${name}.json`), 'utf8')).pid;
  /** Resolves when another process than `before` runs; fails after the second that is promised. */
  const isAnother = (name: string, before?: number) =>
    until(() => pid(name) !== before, {
      deadlineMs: PROMISE_MS,
      message: `${name} is not started`,
    });
  return { checkout, stack, supervisor, count, write, read, pid, isAnother };
}

test('a changed file restarts the processes that use it within a second, and no other', async () => {
  const { supervisor, write, read, pid, isAnother, count } = await startWork();
  await supervisor.says('The stack is up');
  const [first, second] = [pid('first'), pid('second')];

  write('packages/shared/src/index.ts', 'export const version: number = 2;\n');

  await isAnother('first', first);
  await supervisor.says('first: restarting, packages/shared/src/index.ts changed');
  await supervisor.says('version 2');
  await supervisor.says(/first is ready after \d+\.\d s/);
  expect(pid('second')).toBe(second);

  write('apps/second/src/main.ts', `${read('apps/second/src/main.ts')}\n// Changed.\n`);

  await isAnother('second', second);
  await supervisor.says(/second is ready after \d+\.\d s/);
  expect(count('first: restarting')).toBe(1);
});

test('a burst of changes, in new directories too, is one restart', async () => {
  const { checkout, supervisor, write, pid, isAnother, count } = await startWork();
  await supervisor.says('The stack is up');
  const first = pid('first');

  mkdirSync(join(checkout, 'packages/shared/lua/deep'), { recursive: true });
  for (let n = 0; n < 20; n += 1) write(`packages/shared/lua/deep/${n}.lua`, 'return 1\n');

  await isAnother('first', first);
  await supervisor.says(
    /first: restarting, packages\/shared\/lua\/deep\/\d+\.lua and 19 more changed/,
  );
  await supervisor.says('first is ready after');
  expect(count('first: restarting')).toBe(1);

  // As `git checkout` does.
  const again = pid('first');
  rmSync(join(checkout, 'packages/shared/lua'), { recursive: true });
  mkdirSync(join(checkout, 'packages/shared/lua/deep'), { recursive: true });
  write('packages/shared/lua/deep/0.lua', 'return 2\n');
  await isAnother('first', again);
  await until(() => count('first is ready after') === 2, { deadlineMs: 15_000 });
  const last = pid('first');
  write('packages/shared/lua/deep/0.lua', 'return 3\n');
  await isAnother('first', last);
});

test('tests, notes, and what apps only test with restart nothing; a migration is told of', async () => {
  const { checkout, supervisor, write, pid, isAnother, count } = await startWork();
  await supervisor.says('The stack is up');
  const [first, second] = [pid('first'), pid('second')];
  mkdirSync(join(checkout, 'apps/second/test'));
  mkdirSync(join(checkout, 'packages/db/migrations'), { recursive: true });

  write('apps/second/test/app.ts', '');
  write('apps/second/src/app.test.ts', '');
  write('apps/second/src/.#app.ts', '');
  write('apps/second/src/notes.md', '');
  write('packages/db/migrations/0001.sql', 'SELECT 1');
  write('packages/shared/src/index.ts', 'export const version: number = 2;\n');

  await isAnother('first', first);
  await supervisor.says(
    'packages/db/migrations/0001.sql changed: start `npm run dev` anew to migrate the database',
  );
  await supervisor.says('first: restarting, packages/shared/src/index.ts changed');
  expect(pid('second')).toBe(second);
  expect(count('restarting')).toBe(1);
});

test('a broken file is told with its place, is not tried again by itself, and comes up once it is mended', async () => {
  const { supervisor, write, read, isAnother, count } = await startWork();
  await supervisor.says('The stack is up');
  const sound = read('apps/first/src/main.ts');

  write('apps/first/src/main.ts', 'const x = ;\n');
  await supervisor.says('first ended with exit code 1; waiting for a change');
  expect(supervisor.output()).toMatch(/\n +file:.*apps\/first\/src\/main\.ts:1\n +const x = ;\n/);
  expect(supervisor.output()).toMatch(/\n +SyntaxError.*: Expression expected\n/);

  write('apps/first/src/main.ts', 'const x = 1 +;\n');
  await until(() => count('first ended with exit code 1; waiting for a change') === 2);

  write('apps/first/src/main.ts', sound);
  await isAnother('first');
  await supervisor.says('first is ready after');
  expect(count('first ended')).toBe(2);
  expect(count('starting it again')).toBe(0);
});

test('a file that is broken at the start holds the start up until it is mended', async () => {
  const checkout = await makeStubCheckout();
  const main = join(checkout, 'apps/first/src/main.ts');
  const sound = readFileSync(main, 'utf8');
  writeFileSync(main, 'const x = ;\n');
  const { supervisor, write, isAnother } = await startWork({ checkout });
  await supervisor.says('first ended with exit code 1; waiting for a change');

  write('apps/first/src/main.ts', sound);

  await isAnother('first');
  await supervisor.says('The stack is up');
  expect(supervisor.output()).not.toContain('starting it again');
});

test('a process that ignores SIGTERM is restarted within a second, too', async () => {
  const { supervisor, write, read, pid, isAnother } = await startWork({
    firstEnvironment: { IGNORES_SIGTERM: 'yes' },
  });
  await supervisor.says('The stack is up');
  const first = pid('first');

  const service = 'apps/first/src/service.ts';
  write(service, read(service).replace('if (IGNORES_SIGTERM) return;', ''));

  await isAnother('first', first);
  await supervisor.says('first is ready after');
  expect(supervisor.output()).not.toContain('first ended');
});

test('a process that crashes by itself is started again after a wait, or at once with a change', async () => {
  const { stack, supervisor, write, isAnother } = await startWork();
  await supervisor.says('The stack is up');
  const exit = () => fetch(`http://127.0.0.1:${stack.ports.first}/exit`).catch(() => {});

  await exit();
  await supervisor.says('first ended with exit code 3; starting it again in 0.5 s');
  await supervisor.says('first is running again');
  await exit();
  await supervisor.says('starting it again in 1 s');
  await supervisor.says(/first is running again(.|\n)*first is running again/);
  await exit();
  await supervisor.says('starting it again in 2 s');

  write('packages/shared/src/index.ts', 'export const version: number = 2;\n');
  await isAnother('first');
  await supervisor.says('first is ready after');
  expect(supervisor.output()).not.toContain('waiting for a change');
});

test('what processes log is shown as readable lines', async () => {
  const { stack, supervisor } = await startWork();
  await supervisor.says('The stack is up');

  await fetch(`http://127.0.0.1:${stack.ports.first}/log-error`);

  await supervisor.says('Error: disk\n');
  expect(supervisor.output()).toMatch(
    /\n\d\d:\d\d:\d\d\.\d{3} {2}first {3}error {2}a batch was lost\n +Error: disk\n/,
  );
});
