import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';

export interface Program {
  origin: string;
  pid: number;
  stop(): Promise<void>;
}

export interface ProgramOptions {
  command: string;
  /** Done before the start. */
  prepare?: (port: number) => Promise<void>;
  arguments: (port: number) => readonly string[];
  env?: Readonly<Record<string, string>>;
  /** A path that it answers when it is ready, whatever the status. */
  readyPath: string;
  signal?: NodeJS.Signals;
}

const startsWithinMs = 20_000;

/** Starts a server on a free port of 127.0.0.1 and waits until it answers. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const port = await freePort();
  await options.prepare?.(port);
  const child = spawn(options.command, options.arguments(port), {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit').catch(() => {});
  // Of no use on its own, whatever ends this process.
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const stop = async () => {
    process.off('exit', killWithUs);
    if (child.exitCode === null && child.signalCode === null)
      child.kill(options.signal ?? 'SIGTERM');
    await exited;
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await once(child, 'spawn');
    await untilAnswers(`${origin}${options.readyPath}`, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { origin, pid: child.pid ?? 0, stop };
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + startsWithinMs;
  while (Date.now() < deadline && child.exitCode === null) {
    const isThere = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(1_000),
    }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await pause(50);
  }
  throw new Error(`${url} did not become ready`);
}
