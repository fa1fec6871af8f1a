import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from './say.ts';
import { StartError } from './start-error.ts';

export interface Lock {
  /** Lets a start that comes now wait for the end of this one instead of giving up. */
  sayStopping(): void;
  release(): void;
}

/** Long enough for a supervisor to notice that its npm was killed, and to start stopping. */
const GRACE_MS = 2_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

/**
 * Takes the data directory for this process. The lock is SQLite's exclusive one, which is the
 * kernel's: it ends with the process however that ends, so nothing stale can be left behind.
 * Waits for a supervisor that is stopping; throws `StartError` if another one keeps running.
 * Resolves to undefined when `signal` is aborted first.
 */
export async function takeLock(
  dataDirectory: string,
  signal: AbortSignal,
): Promise<Lock | undefined> {
  const file = join(dataDirectory, 'supervisor.lock');
  const holderFile = join(dataDirectory, 'supervisor.json');
  const startedAt = Date.now();
  let waiting = false;
  while (!signal.aborted) {
    const database = tryLock(file);
    if (database) {
      writeHolder(holderFile, 'running');
      return {
        sayStopping: () => writeHolder(holderFile, 'stopping'),
        release() {
          rmSync(holderFile, { force: true });
          rmSync(file, { force: true });
          database.close();
        },
      };
    }
    const holder = readHolder(holderFile);
    const patienceMs = holder?.state === 'stopping' ? STOP_TIMEOUT_MS : GRACE_MS;
    if (Date.now() - startedAt > patienceMs) throw new StartError(refusal(holder, dataDirectory));
    if (holder?.state === 'stopping' && !waiting) {
      waiting = true;
      say('Waiting for the last start to finish stopping');
    }
    await pause(POLL_MS);
  }
  return undefined;
}

function tryLock(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    // Whoever held it before may have removed the file between our opening and locking it.
    if (existsSync(file)) return database;
  } catch (error) {
    if (!/locked|busy/i.test((error as Error).message)) throw error;
  }
  database.close();
  return undefined;
}

interface Holder {
  pid: number;
  state: 'running' | 'stopping';
}

function writeHolder(file: string, state: Holder['state']): void {
  writeFileSync(file, JSON.stringify({ pid: process.pid, state } satisfies Holder));
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined; // Not written yet, or gone again.
  }
}

function refusal(holder: Holder | undefined, dataDirectory: string): string {
  const who = holder ? ` (process ${holder.pid})` : '';
  const how = holder ? ` or \`kill ${holder.pid}\`` : '';
  return `The stack already runs on ${dataDirectory}${who}: stop it with Ctrl-C in its terminal${how}, or start a second one from another checkout with \`PORT_OFFSET=100 npm start\`.`;
}
