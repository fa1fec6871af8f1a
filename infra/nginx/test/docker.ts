import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs the `docker` command and returns what it printed, on both streams. Rejects if it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('docker', args, { maxBuffer: 256 * 1024 * 1024 });
  return stdout + stderr;
}
