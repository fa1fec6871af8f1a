import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { stopLeftover, sweepAbandoned } from '../src/index.ts';
import { commandLine } from '../src/running-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const program = fileURLToPath(new URL('./keep-servers.ts', import.meta.url));

/** Starts Redis and PostgreSQL from a process of its own. */
async function keeper(...args: string[]): Promise<{ process: ChildProcess; pids: number[] }> {
  const child = spawn(process.execPath, ['--conditions=source', program, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { process: child, pids: JSON.parse(String(line)) as number[] };
}

async function commands(pids: number[]): Promise<string> {
  return (await Promise.all(pids.map(commandLine))).join('');
}

test('servers outlive a supervisor that is killed, and the next one finds and stops them', async () => {
  const directory = await temporaryDirectory();
  const { process: supervisor, pids } = await keeper(directory);
  // What the terminal does on Ctrl-C: a signal to the whole group.
  process.kill(-(supervisor.pid as number), 'SIGINT');
  await once(supervisor, 'exit');
  expect(await commands(pids)).toMatch(/redis-server.*postgres/);

  expect(await stopLeftover(join(directory, 'redis'))).toBe(true);
  expect(await stopLeftover(join(directory, 'postgres'))).toBe(true);
  expect(await commands(pids)).toBe('');
  expect(await readFile(join(directory, 'postgres/postgres.log'), 'utf8')).toContain(
    'database system is shut down',
  );
  expect(await stopLeftover(join(directory, 'redis'))).toBe(false);
});

test('a process that only happens to have the id of an old server is left alone', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'redis.pid'), `${process.pid}\n`);
  await writeFile(join(directory, 'postmaster.pid'), `${process.pid}\n${directory}\n`);
  expect(await stopLeftover(directory)).toBe(false);
});

test('ephemeral servers end with their process', async () => {
  const { process: owner, pids } = await keeper();
  owner.stdin?.write('end');
  await once(owner, 'exit');
  const gone = async () => (await commands(pids)) === '';
  await expect.poll(gone).toBe(true);
});

test('ephemeral servers of a process that was killed are swept up with their data', async () => {
  const { process: owner, pids } = await keeper();
  const [, directory] = /-D (\S+)/.exec(await commands(pids)) ?? [];
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  await sweepAbandoned();
  expect(await commands(pids)).toBe('');
  await expect(stat(String(directory))).rejects.toMatchObject({ code: 'ENOENT' });
});
