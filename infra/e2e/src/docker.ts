import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface DockerOptions {
  /** Default 120,000. */
  timeoutMs?: number;
  /** Added to this process's environment. */
  env?: Readonly<Record<string, string>>;
  /** Where relative paths start. */
  directory?: string;
  /** Written to standard input. */
  input?: string;
}

/** Runs the `docker` command and returns what it printed. Rejects with what it said on standard error. */
export async function docker(
  args: readonly string[],
  { timeoutMs = 120_000, env, directory, input }: DockerOptions = {},
): Promise<string> {
  const running = execute('docker', args, {
    timeout: timeoutMs,
    maxBuffer: MAX_OUTPUT_BYTES,
    ...(directory !== undefined && { cwd: directory }),
    env: { ...process.env, ...env },
  });
  running.child.stdin?.end(input);
  return (await running).stdout.trim();
}
