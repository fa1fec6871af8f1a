import { signalProcess } from './process-record.ts';
import type { RunningUnit } from './unit.ts';

const GRACE_MS = 250;

/**
 * Ends a process that nobody waits for any more: SIGTERM, and SIGKILL for its whole process group if it isn't
 * gone after 250 ms, even in the middle of its work. What it leaves half done is taken up again, as after a crash.
 */
export async function endSoon({ pid, exited }: RunningUnit): Promise<void> {
  signalProcess(pid, 'SIGTERM');
  const timer = setTimeout(() => signalProcess(-pid, 'SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(timer);
}
