import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '@shortstack/testing';
import { afterAll } from 'vitest';
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

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

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
  running.add(child);
  const ended = once(child, 'exit').then(([code, signal]) => {
    running.delete(child);
    return (signal ?? code) as number | NodeJS.Signals;
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

/** A port that was free a moment ago, for a process that must come back on it. */
export async function freePort(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}
