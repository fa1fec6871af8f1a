import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { signalFamily } from './process-family.ts';
import { commandLine } from './running-process.ts';

/** Where each kind of server writes its process id, how it is recognised and how it is asked to stop. */
const KINDS = [
  { pidFile: 'redis.pid', program: /\b(redis|valkey)-server\b/, stopSignal: 'SIGTERM' },
  { pidFile: 'postmaster.pid', program: /\bpostgres\b/, stopSignal: 'SIGINT' },
] as const;

const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 10;
// Redis cuts its process title off at 255 characters.
const MAX_MARK_LENGTH = 150;

export interface Leftover {
  pid: number;
  stopSignal: NodeJS.Signals;
}

/** The part of a data directory's path that is looked for in a server's command line. */
export function directoryMark(dataDirectory: string): string {
  return resolve(dataDirectory).slice(-MAX_MARK_LENGTH);
}

/**
 * The server that runs on a data directory, found by the id in its pid file. The id alone proves
 * nothing, since the system uses ids again: its command line must name the directory too.
 */
export async function findLeftover(dataDirectory: string): Promise<Leftover | undefined> {
  for (const { pidFile, program, stopSignal } of KINDS) {
    const text = await readFile(join(dataDirectory, pidFile), 'utf8').catch(() => '');
    const pid = Number.parseInt(text, 10);
    if (!(pid > 1)) continue;
    const command = await commandLine(pid);
    if (program.test(command) && command.includes(directoryMark(dataDirectory))) {
      return { pid, stopSignal };
    }
  }
  return undefined;
}

/**
 * Stops the PostgreSQL or Redis server that an earlier process started on this data directory and left
 * behind (because it was killed), and resolves when it is gone: in good order if it obeys within 10 s,
 * else by SIGKILL. Resolves to whether there was one. Never touches a process that only happens to have
 * the id from an old pid file.
 */
export async function stopLeftover(dataDirectory: string): Promise<boolean> {
  const leftover = await findLeftover(dataDirectory);
  if (!leftover) return false;
  signal(leftover.pid, leftover.stopSignal);
  // Whoever left it may have suspended it, with its children.
  await signalFamily(leftover.pid, 'SIGCONT');

  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while ((await commandLine(leftover.pid)).includes(directoryMark(dataDirectory))) {
    if (Date.now() > deadline) signal(leftover.pid, 'SIGKILL');
    await pause(POLL_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
