import { rmSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './running-process.ts';
import { stopLeftover } from './stop-leftover.ts';

// The host is part of the name because a temporary directory can be shared by containers, each of which
// counts its processes from 1.
const PREFIX = `shortstack-ephemeral-${hostname()}-`;

/** Makes an empty directory for a server that lives no longer than this process. */
export async function createEphemeralDirectory(): Promise<string> {
  return mkdtemp(join(await realpath(tmpdir()), `${PREFIX}${process.pid}-`));
}

/** Removes a directory and all that is in it, also while a dying process still writes there. */
export async function removeDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Directory → pid of the servers that are to end with this process: one exit listener serves them all. */
const endingWithProcess = new Map<string, number>();

/**
 * Kills the server and removes its directory when this process exits without having stopped it.
 * Returns a function that calls this off. A process that is killed itself can't do this: the next
 * `sweepAbandoned` does.
 */
export function endWithProcess(pid: number, directory: string): () => void {
  if (endingWithProcess.size === 0) process.once('exit', endAll);
  endingWithProcess.set(directory, pid);
  return () => {
    endingWithProcess.delete(directory);
    if (endingWithProcess.size === 0) process.off('exit', endAll);
  };
}

function endAll(): void {
  for (const [directory, pid] of endingWithProcess) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}

/**
 * Stops the ephemeral servers of processes that no longer exist (a test run that was killed) and removes
 * their directories. Leaves alone what belongs to a living process or may not be touched by this user.
 */
export async function sweepAbandoned(): Promise<void> {
  const parent = await realpath(tmpdir());
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const owner = Number.parseInt(name.slice(PREFIX.length), 10);
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    try {
      await stopLeftover(join(parent, name));
      await removeDirectory(join(parent, name));
    } catch {
      // Another user's, or another run sweeps it at the same moment.
    }
  }
}
