import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@shortstack/testing';

export interface ServiceProcessOptions {
  /** Its INSTANCE_ID, too. */
  name: string;
  /** Such as `apps/create/src/main.ts`. */
  main: string;
  env: Readonly<Record<string, string>>;
  /** Its public origin; empty for a jobs process. */
  origin: string;
  internalUrl: string;
  logFile: string;
  /** The checkout that it runs from; default this one. */
  root?: string | undefined;
}

export interface ServiceExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** One process of a service that the test may kill, suspend and start again, on the same ports. */
export interface ServiceProcess {
  readonly name: string;
  readonly origin: string;
  readonly internalUrl: string;
  /** Of the running process. */
  readonly pid: number;
  /** Starts it and waits until it is ready. */
  start(): Promise<void>;
  /** Waits until `/readyz` answers 200. */
  ready(deadlineMs?: number): Promise<void>;
  /** SIGKILL. Resolves when it is gone; at once if it doesn't run. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves to how it ended. */
  stop(): Promise<ServiceExit>;
  /** All that it has logged; empty before its first start. */
  log(): string;
}

const READY_MS = 60_000;
export const thisCheckout = fileURLToPath(new URL('../../../', import.meta.url));
/** Ends the process with this one, even when this one is killed. */
const lifeline = new URL('../../local/src/lifeline.ts', import.meta.url).href;

/** Describes a process of a service; nothing runs before `start`. */
export function serviceProcess(options: ServiceProcessOptions): ServiceProcess {
  const { name, main, env, internalUrl, logFile, root = thisCheckout } = options;
  let child: ChildProcess | undefined;

  const running = (): ChildProcess & { pid: number } => {
    if (child?.pid === undefined) throw new Error(`${name} does not run.`);
    return child as ChildProcess & { pid: number };
  };
  const ready = async (deadlineMs = READY_MS): Promise<void> => {
    const waitedFor = child;
    await Promise.race([
      until(() => fetch(`${internalUrl}/readyz`).then(({ ok }) => ok), {
        deadlineMs,
        message: `${name} was not ready`,
      }),
      waitedFor && once(waitedFor, 'exit').then(([code]) => failed(name, code)),
    ]);
  };
  const end = async (signal: NodeJS.Signals): Promise<ServiceExit> => {
    if (!child) return { code: null, signal: null };
    const ending = running();
    const exited = once(ending, 'exit');
    process.kill(ending.pid, signal);
    const [code, by] = (await exited) as [number | null, NodeJS.Signals | null];
    return { code, signal: by };
  };
  return {
    name,
    origin: options.origin,
    internalUrl,
    get pid() {
      return running().pid;
    },
    async start() {
      const log = openSync(logFile, 'a');
      const started = spawn(
        pinnedNode(root),
        ['--conditions=source', `--import=${lifeline}`, join(root, main)],
        { cwd: root, env: { ...ownEnvironment(), ...env }, stdio: ['pipe', log, log] },
      );
      closeSync(log);
      child = started;
      started.once('exit', () => {
        if (child === started) child = undefined;
      });
      await ready();
    },
    ready,
    kill: () => end('SIGKILL').then(() => {}),
    stop: () => end('SIGTERM'),
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
  };
}

/** The Node that a checkout brings along. */
export function pinnedNode(root: string): string {
  return root === thisCheckout ? process.execPath : join(root, 'node_modules/.bin/node');
}

function failed(name: string, code: unknown): never {
  throw new Error(`${name} ended with ${String(code)} before it was ready; see its log.`);
}

/** Nothing of what the test runner or a developer has set, so that a service sees what a test says alone. */
function ownEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    // Types are stripped once, not at each start.
    NODE_COMPILE_CACHE: join(tmpdir(), 'shortstack-e2e-compile-cache'),
  };
}
