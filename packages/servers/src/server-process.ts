import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import type { SystemUser } from './system-user.ts';

/** How a process ended: by itself with an exit code, or by a signal. */
export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface SpawnServerOptions {
  command: string;
  args: readonly string[];
  /** Working directory. */
  directory: string;
  /** Standard output and error are appended here. */
  logFile: string;
  /** Written to standard input, for what must not appear in `ps`. */
  input?: string;
  /** Only root may name another user. */
  user?: SystemUser | undefined;
  /** The signal that asks this server for an orderly shutdown. */
  stopSignal: NodeJS.Signals;
}

export interface ServerProcess {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  /** Set once the process has ended. */
  readonly exit: ServerExit | undefined;
  /** Lets this process end although the server still runs. */
  unref(): void;
  /** What the server has logged since it was spawned. */
  output(): Promise<string>;
  stop(): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

const STOP_TIMEOUT_MS = 10_000;

/**
 * Spawns a server in a session of its own, so that the terminal's Ctrl-C does not reach it, and with a
 * log file instead of a pipe, so that it can go on logging after this process was killed.
 * Rejects if the program can't be executed.
 */
export async function spawnServer(options: SpawnServerOptions): Promise<ServerProcess> {
  const log = await open(options.logFile, 'a', 0o600);
  try {
    const { size: logStart } = await log.stat();
    const child = spawnInto(log, options);
    await once(child, 'spawn');
    return serverProcess(child, options, logStart);
  } finally {
    await log.close();
  }
}

function spawnInto(log: FileHandle, options: SpawnServerOptions): ChildProcess {
  const child = spawn(options.command, options.args, {
    cwd: options.directory,
    detached: true,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', log.fd, log.fd],
    ...(options.user && { uid: options.user.uid, gid: options.user.gid }),
  });
  // A server that ended before it read its input is reported through `exited`, not as EPIPE.
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  return child;
}

function serverProcess(
  child: ChildProcess,
  { logFile, stopSignal }: SpawnServerOptions,
  logStart: number,
): ServerProcess {
  let exit: ServerExit | undefined;
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = { code, signal };
      resolve(exit);
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    // Whoever ends a server waits for its end, even if nothing else keeps this process.
    if (signal === 'SIGKILL') child.ref();
    child.kill(signal);
  };

  return {
    pid: child.pid as number, // set from the 'spawn' event on
    exited,
    get exit() {
      return exit;
    },
    unref: () => child.unref(),
    output: async () => (await readFile(logFile)).subarray(logStart).toString(),
    kill,
    async stop() {
      kill(stopSignal);
      // A server that a test has suspended must be able to hear it.
      kill('SIGCONT');
      const deadline = setTimeout(() => kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(deadline);
    },
  };
}
