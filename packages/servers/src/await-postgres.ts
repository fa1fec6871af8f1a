import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectPostgres } from './connect-postgres.ts';
import { PortTaken } from './free-port.ts';
import { PredecessorDying } from './outlive-predecessor.ts';
import type { ServerExit, ServerProcess } from './server-process.ts';
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
    if (server.exit) throw reasonOfExit(server.exit, await server.output(), port);
    if (Date.now() > deadline) {
      server.kill('SIGKILL');
      throw startFailure('PostgreSQL', await server.exited, await server.output());
    }
    await pause(POLL_MS);
  }
  try {
    await connectPostgres(url);
  } catch (cause) {
    await server.stop();
    throw new Error(
      `PostgreSQL runs on ${directory} but can't be entered: was it made with another password?`,
      { cause },
    );
  }
}

/**
 * A replica that answers queries is not `ready` but a `standby`.
 * @see https://www.postgresql.org/docs/17/storage-file-layout.html line 8 of postmaster.pid is its status
 */
async function isReady(pid: number, directory: string): Promise<boolean> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  return Number(lines[0]) === pid && ['ready', 'standby'].includes(lines[7]?.trim() ?? '');
}

function reasonOfExit(exit: ServerExit, log: string, port: number): Error {
  const failure = startFailure('PostgreSQL', exit, log);
  if (/could not bind .*in use/i.test(failure.message)) {
    return new PortTaken(`Port ${port} is taken.`, { cause: failure });
  }
  if (failure.message.includes('pre-existing shared memory block')) {
    return new PredecessorDying('An earlier server has not quite ended.', { cause: failure });
  }
  return failure;
}
