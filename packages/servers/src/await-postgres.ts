import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { PortTaken } from './free-port.ts';
import { PredecessorDying } from './outlive-predecessor.ts';
import type { ServerProcess } from './server-process.ts';
import { startFailure } from './start-failure.ts';

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/**
 * Resolves once the server accepts connections with the password in `url`. Rejects with `PortTaken`,
 * `PredecessorDying` or the end of the log if it ends before that, and kills it if that takes more than
 * 60 s or the password is wrong.
 */
export async function awaitPostgres(
  server: ServerProcess,
  { directory, port, url }: { directory: string; port: number; url: string },
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(server.pid, directory))) {
    if (server.exit) throw await reasonOfExit(server, port);
    if (Date.now() > deadline) {
      server.kill('SIGKILL');
      await server.exited;
      throw await startFailure('PostgreSQL', server);
    }
    await pause(POLL_MS);
  }
  try {
    await connectOnce(url);
  } catch (cause) {
    await server.stop();
    throw new Error(
      `PostgreSQL runs on ${directory} but can't be entered: was it made with another password?`,
      { cause },
    );
  }
}

/** @see https://www.postgresql.org/docs/17/storage-file-layout.html line 8 of postmaster.pid is its status */
async function isReady(pid: number, directory: string): Promise<boolean> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

async function reasonOfExit(server: ServerProcess, port: number): Promise<Error> {
  const failure = await startFailure('PostgreSQL', server);
  if (/could not bind .*in use/i.test(failure.message)) {
    return new PortTaken(`Port ${port} is taken.`, { cause: failure });
  }
  if (failure.message.includes('pre-existing shared memory block')) {
    return new PredecessorDying('An earlier server has not quite ended.', { cause: failure });
  }
  return failure;
}

async function connectOnce(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    await client.end();
  }
}
