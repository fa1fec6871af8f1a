import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closeAfterFile, until } from '@shortstack/testing';
import { send } from './send.ts';

/** A process of redirect of its own, for signals. */
export interface Child {
  readonly pid: number;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it says that it is alive. Rejects if it ends first. */
  alive(): Promise<void>;
}

/** Starts one of `src/main.ts`, `src/jobs.ts` or a program beside the tests. `args` are for the latter. */
export function startChild(
  program: string,
  env: Record<string, string>,
  args: string[] = [],
): Child {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', path, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => {
    return (signal ?? code) as number | NodeJS.Signals;
  });
  closeAfterFile(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let end: number | NodeJS.Signals | undefined;
  void ended.then((how) => {
    end = how;
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    async alive() {
      const origin = `http://127.0.0.1:${env.INTERNAL_PORT}`;
      const isUp = () => send(origin, '/livez').then(({ status }) => status === 200);
      await until(() => end !== undefined || isUp(), {
        deadlineMs: 20_000,
        message: `${program} is not alive`,
      });
      if (end !== undefined) throw new Error(`${program} ended with ${end}`);
    },
  };
}
