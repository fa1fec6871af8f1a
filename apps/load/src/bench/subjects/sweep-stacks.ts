import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopLeftover } from '@shortstack/servers';

export const stackPrefix = 'shortstack-bench-';
/** With the process id of the run. */
const ofStack = new RegExp(`^${stackPrefix}(\\d+)-`);

/** Ends the servers, and removes the data, of runs that were killed. (Their services have ended by themselves.) */
export async function sweepStacks(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(ofStack.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    const directory = join(tmpdir(), name);
    for (const server of await readdir(directory)) {
      await stopLeftover(join(directory, server)).catch(() => {});
    }
    await rm(directory, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
