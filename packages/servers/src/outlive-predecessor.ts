import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from './running-process.ts';

const DEADLINE_MS = 10_000;
const POLL_MS = 50;

/** The backends of a PostgreSQL server that was killed have not noticed yet and hold its shared memory. */
export class PredecessorDying extends Error {}

/** Calls `start` again for up to 10 s while it rejects with `PredecessorDying`. */
export async function outlivePredecessor<T>(start: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof PredecessorDying) || Date.now() > deadline) throw error;
      await pause(POLL_MS);
    }
  }
}

/**
 * Removes a `postmaster.pid` whose process id now belongs to some other program. PostgreSQL itself
 * would take any process of its own user for a running server and refuse to start. To be called only
 * when no server runs on the data directory.
 */
export async function removeMisleadingPidFile(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  if (pid > 0 && isRunning(pid)) await rm(file, { force: true });
}
