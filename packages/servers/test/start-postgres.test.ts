import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type PostgresServer, type StartPostgresOptions, startPostgres } from '../src/index.ts';
import { isRunning } from '../src/running-process.ts';
import { unprivilegedUser } from '../src/system-user.ts';
import { query } from './connect.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const notSynced = { settings: { fsync: 'off' }, password: 'p@ss word' };

async function start(options: StartPostgresOptions): Promise<PostgresServer> {
  const server = await startPostgres(options);
  onTestFinished(() => server.stop());
  return server;
}

async function sleeper(): Promise<ChildProcess> {
  const user = await unprivilegedUser();
  const child = spawn('sleep', ['60'], user ? { uid: user.uid, gid: user.gid } : {});
  onTestFinished(() => void child.kill());
  await once(child, 'spawn');
  return child;
}

let shared: PostgresServer;
beforeAll(async () => {
  shared = await startPostgres({ ephemeral: true, password: 'right' });
});
afterAll(() => shared.stop());

test('sorts and changes case by code point and Unicode, and speaks UTF-8, on every system', async () => {
  expect(await query(shared.url, `SELECT lower('ÄÉ') AS l, 'Z' < 'a' AS s`)).toEqual([
    { l: 'äé', s: true },
  ]);
  expect(await query(shared.url, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
});

test('a wrong password is refused, also from the same machine', async () => {
  await expect(query(shared.url.replace('right', 'wrong'), 'SELECT 1')).rejects.toMatchObject({
    code: '28P01',
  });
});

test('a given port that is taken is an error that says so', async () => {
  await expect(
    startPostgres({ ephemeral: true, password: 'other', port: shared.port }),
  ).rejects.toThrow(`Port ${shared.port} is taken`);
});

test('committed data outlives SIGKILL and a process id that meanwhile belongs to another program', async () => {
  const dataDirectory = join(await temporaryDirectory(), 'data');
  const first = await start({ ...notSynced, dataDirectory });
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  first.kill('SIGKILL');
  await first.exited;
  const second = await start({ ...notSynced, dataDirectory, port: first.port });
  expect(await query(second.url, 'SELECT * FROM kept')).toEqual([{ answer: 42 }]);

  second.kill('SIGKILL');
  await second.exited;
  const pidFile = join(dataDirectory, 'postmaster.pid');
  const stale = await readFile(pidFile, 'utf8');
  await writeFile(pidFile, stale.replace(/^\d+/, String((await sleeper()).pid)));
  const third = await start({ ...notSynced, dataDirectory });
  expect(await query(third.url, 'SELECT * FROM kept')).toEqual([{ answer: 42 }]);

  await third.stop();
  expect(await third.exited).toEqual({ code: 0, signal: null });
});

test('starts once the last process of a killed server has let go of the data', async () => {
  const dataDirectory = join(await temporaryDirectory(), 'data');
  const killed = await start({ ...notSynced, dataDirectory });
  const client = new Client({ connectionString: killed.url });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]?.pid ?? 0;
  process.kill(backend, 'SIGSTOP');
  const resume = () => isRunning(backend) && process.kill(backend, 'SIGCONT');
  onTestFinished(() => void resume());
  killed.kill('SIGKILL');
  await killed.exited;

  const starting = start({ ...notSynced, dataDirectory });
  const log = () => readFile(join(dataDirectory, 'postgres.log'), 'utf8');
  await expect.poll(log, { timeout: 5_000 }).toContain('is still in use');
  resume();
  expect(await query((await starting).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('another password than the data directory was made with, or a running server on it, is an error that says so', async () => {
  const dataDirectory = join(await temporaryDirectory(), 'data');
  const server = await start({ ...notSynced, dataDirectory });
  await expect(startPostgres({ ...notSynced, dataDirectory })).rejects.toThrow('already runs on');
  await server.stop();
  await expect(startPostgres({ ...notSynced, dataDirectory, password: 'another' })).rejects.toThrow(
    'made with another password',
  );
});

test.runIf(process.getuid?.() === 0)(
  'as root, a place that the unprivileged user can not enter is named',
  async () => {
    const closed = await temporaryDirectory();
    await chmod(closed, 0o700);
    const options = { password: 'any', dataDirectory: join(closed, 'data') };
    await expect(startPostgres(options)).rejects.toThrow(`may not enter ${closed} `);
  },
);
