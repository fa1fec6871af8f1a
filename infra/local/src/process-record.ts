import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { processStart } from '../setup/process-start.mjs';

/** A process id alone proves nothing, since the system uses ids again; with the start time it does. */
interface ProcessRecord {
  pid: number;
  started: string;
}

const POLL_MS = 20;

/** Remembers a process in a file, so that the next supervisor finds it should this one be killed. */
export function recordProcess(file: string, pid: number): void {
  const started = processStart(pid);
  if (started) writeFileSync(file, JSON.stringify({ pid, started } satisfies ProcessRecord));
}

export function forgetProcess(file: string): void {
  rmSync(file, { force: true });
}

/**
 * Ends the process that `file` remembers, if it still runs: SIGTERM, and SIGKILL for its whole process
 * group after `drainMs`. Resolves to whether there was one.
 */
export async function stopRecorded(file: string, drainMs: number): Promise<boolean> {
  const record = readRecord(file);
  const runs = (): boolean => record !== undefined && processStart(record.pid) === record.started;
  if (!record || !runs()) {
    forgetProcess(file);
    return false;
  }
  signalProcess(record.pid, 'SIGTERM');
  signalProcess(record.pid, 'SIGCONT');
  const deadline = Date.now() + drainMs;
  while (runs()) {
    if (Date.now() > deadline) signalProcess(-record.pid, 'SIGKILL');
    await pause(POLL_MS);
  }
  forgetProcess(file);
  return true;
}

/** Sends a signal to a process, or to the group `-pid`; does nothing once it has ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(file: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord;
  } catch {
    return undefined;
  }
}
