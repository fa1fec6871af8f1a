import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeFlags } from './node-flags.ts';
import { forgetProcess, recordProcess, signalProcess, stopRecorded } from './process-record.ts';
import { say } from './say.ts';
import type { Exit, RunningUnit, Unit } from './unit.ts';

export interface NodeServiceOptions {
  name: string;
  /** The file that is run. */
  main: string;
  /** Added to this process's own environment. */
  env: Readonly<Record<string, string>>;
  ports: readonly number[];
  /** Where `/readyz` is. */
  internalPort: number;
  dataDirectory: string;
}

/** Within this a service promises to end after SIGTERM (the open work is finished first). */
const DRAIN_MS = 25_000;
const PROBE_TIMEOUT_MS = 2_000;

/** Preloaded into each process. */
export const lifeline = fileURLToPath(new URL('lifeline.ts', import.meta.url));

/** Where types are stripped once, not at each start: a process starts a third faster and takes 50 MB less. */
export function compileCacheIn(dataDirectory: string): string {
  return join(dataDirectory, 'compile-cache');
}

/**
 * A process of a service: `node --conditions=source <main>`, in a process group of its own, so that a
 * terminal's Ctrl-C reaches the supervisor alone and the order of stopping is kept.
 */
export function nodeService(options: NodeServiceOptions): Unit & { main: string } {
  const { name, dataDirectory } = options;
  const logFile = join(dataDirectory, 'logs', `${name}.log`);
  const record = join(dataDirectory, 'run', `${name}.json`);
  return {
    name,
    main: options.main,
    faults: ['stop'],
    ports: options.ports,
    logFile,
    stopLeftover: () => stopRecorded(record, DRAIN_MS),
    start: () => startProcess(options, logFile, record),
    whyNotReady: () => probe(`http://127.0.0.1:${options.internalPort}/readyz`),
  };
}

async function startProcess(
  { name, main, env, dataDirectory }: NodeServiceOptions,
  logFile: string,
  record: string,
): Promise<RunningUnit> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(
    process.execPath,
    ['--conditions=source', ...nodeFlags, `--import=${pathToFileURL(lifeline).href}`, main],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      env: {
        ...ownEnvironment(),
        NODE_COMPILE_CACHE: compileCacheIn(dataDirectory),
        ...env,
      },
      stdio: ['pipe', log, log],
      detached: true,
    },
  );
  closeSync(log);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      forgetProcess(record);
      resolve({ code, signal });
    });
  });
  await once(child, 'spawn');
  const pid = child.pid as number; // set from the 'spawn' event on
  recordProcess(record, pid);
  return { pid, exited, stop: (hurry) => stopProcess(name, pid, exited, hurry) };
}

async function stopProcess(
  name: string,
  pid: number,
  exited: Promise<Exit>,
  hurry?: AbortSignal,
): Promise<void> {
  const kill = (why: string) => {
    say(`${name} ${why}: killed`);
    signalProcess(-pid, 'SIGKILL');
  };
  const onHurry = () => kill('was still finishing its work');
  if (hurry?.aborted) onHurry();
  hurry?.addEventListener('abort', onHurry);
  signalProcess(pid, 'SIGTERM');
  // A process that someone has suspended must be able to hear it.
  signalProcess(pid, 'SIGCONT');
  const deadline = setTimeout(() => kill(`did not stop within ${DRAIN_MS / 1000} s`), DRAIN_MS);
  await exited;
  clearTimeout(deadline);
  hurry?.removeEventListener('abort', onHurry);
}

async function probe(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const body = await response.text();
    return response.ok ? undefined : `${url} answers ${response.status}: ${body.slice(0, 500)}`;
  } catch {
    return `${url} does not answer`;
  }
}

/** What the user has set reaches the services; what npm has set for `npm start` does not concern them. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && name !== 'INIT_CWD'),
  );
}
