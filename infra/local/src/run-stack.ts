import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { requireFreePorts } from './free-ports.ts';
import { type KeptUnit, keepRunning } from './keep-running.ts';
import { type Lock, takeLock } from './lock.ts';
import { rotateAtStart } from './log-file.ts';
import { restartOnChange } from './restart-on-change.ts';
import { print, say, withProgress } from './say.ts';
import { type ShownLogs, showLogs } from './show-logs.ts';
import { StartError } from './start-error.ts';
import type { StopRequest } from './stop-request.ts';
import { createFaultSwitches } from './switches/fault-switches.ts';
import { type SwitchesEndpoint, serveSwitches } from './switches/serve-switches.ts';
import type { Unit } from './unit.ts';
import { watchLogs } from './watch-logs.ts';

/** What belongs to the stack, and the two things to do on the way up. */
export interface Stack {
  postgres: readonly Unit[];
  redis: readonly Unit[];
  services: readonly Unit[];
  /** Where faults are switched on and off. */
  switches: SwitchesEndpoint;
  /** While the backing servers start: what makes the services' start short. */
  compile(signal: AbortSignal): Promise<void>;
  /** Called with source files (paths from the checkout) that changed while it is worked on. Never rejects. */
  sourcesChanged?(files: readonly string[], signal: AbortSignal): Promise<void>;
  /** When the backing servers answer: migrations. */
  prepare(): Promise<void>;
  /** When the services are ready: the demo data. Returns what to print then. */
  finish(): Promise<string>;
}

export interface RunStackOptions {
  /** Called once the data directory is locked. */
  stack: () => Stack;
  dataDirectory: string;
  /** Named in the remedy for a port in use. */
  portOffset: number;
  stop: StopRequest;
  /** A checkout that is worked on: its changes restart the services that they concern, and all logs are shown. */
  worksOn?: string | undefined;
}

const MIN_FREE_BYTES = 100 * 1024 * 1024;

/**
 * Brings the stack up, keeps it up, and takes it down when `stop` asks for it: the services first
 * (each finishes its work), then Redis, then PostgreSQL. Resolves when nothing of it runs any more.
 * Throws `StartError`, with nothing left running, when it can't be brought up.
 */
export async function runStack(options: RunStackOptions): Promise<void> {
  const { dataDirectory, stop } = options;
  const lock = await takeLock(dataDirectory, stop.signal);
  if (!lock) return;
  try {
    await runLocked(options, lock);
  } finally {
    lock.release();
  }
}

async function runLocked(
  { stack: describe, dataDirectory, portOffset, stop, worksOn }: RunStackOptions,
  lock: Lock,
): Promise<void> {
  const stack = describe();
  const units = [...stack.services, ...stack.redis, ...stack.postgres];
  const kept: KeptUnit[] = [];
  const start = async (some: readonly Unit[]) => {
    const started = some.map((unit) => keepRunning(unit, { dev: unit.main ? logs : undefined }));
    kept.push(...started);
    await Promise.all(started.map(({ ready }) => ready));
  };
  const phase = <T>(label: string, work: () => Promise<T>) =>
    withProgress(label, () => unlessStopped(stop.signal, work()));

  let logs: ShownLogs | undefined;
  let endLogs = () => {};
  let endRestarts = () => {};
  let endFaults = async () => {};
  try {
    makeRoom(dataDirectory, units);
    await withProgress('Stopping what the last start left behind', () => stopLeftovers(stack));
    const endpoint = { name: 'the endpoint of the fault switches', ports: [stack.switches.port] };
    await requireFreePorts([...units, endpoint], portOffset);
    const compiled = stack.compile(stop.signal);
    await phase('Starting PostgreSQL and Redis', () => start([...stack.postgres, ...stack.redis]));
    await phase('Migrating the database', () => stack.prepare());
    if (worksOn === undefined) {
      endLogs = watchLogs(units);
    } else {
      const shown = showLogs(units, stop.signal);
      logs = shown;
      endLogs = () => shown.end();
      endRestarts = restartOnChange(
        worksOn,
        () => kept,
        (files) => {
          void stack.sourcesChanged?.(files, stop.signal);
        },
      );
    }
    await phase('Compiling the services, once', () => compiled);
    await phase('Starting the services', () => start(stack.services));
    const switches = createFaultSwitches(kept);
    const closeEndpoint = await serveSwitches(switches, stack.switches);
    endFaults = async () => {
      await closeEndpoint();
      await switches.close();
    };
    print(await phase('Adding the demo data', () => stack.finish()));
    await unlessStopped(stop.signal, new Promise(() => {}));
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    say(`Stopping (${stop.signal.reason})`);
  } finally {
    endRestarts();
    await endFaults();
    lock.sayStopping();
    await withProgress('Stopping', () => stopAll(stack, kept, stop.hurry));
    endLogs();
  }
  say('Everything is stopped');
}

class Stopped extends Error {}

/** What has been begun goes on in the background; `stopAll` deals with it. */
async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => {});
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new Stopped());
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([stopped, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function makeRoom(dataDirectory: string, units: readonly Unit[]): void {
  const { bavail, bsize } = statfsSync(dataDirectory);
  if (bavail * bsize < MIN_FREE_BYTES) {
    throw new StartError(
      `The disk with ${dataDirectory} is full: free some space (a GB will do) and start again.`,
    );
  }
  for (const folder of ['logs', 'run']) {
    mkdirSync(join(dataDirectory, folder), { recursive: true, mode: 0o700 });
  }
  for (const { logFile } of units) rotateAtStart(logFile);
}

/** In the order of stopping, so that services still find their servers while they finish. */
async function stopLeftovers({ services, redis, postgres }: Stack): Promise<void> {
  const stopped: string[] = [];
  for (const group of [services, redis, postgres]) {
    const found = await Promise.all(group.map((unit) => unit.stopLeftover()));
    stopped.push(...group.filter((_, index) => found[index]).map(({ name }) => name));
  }
  if (stopped.length > 0)
    say(`The last start was killed; stopped what it left: ${stopped.join(', ')}`);
}

async function stopAll(
  { services, redis, postgres }: Stack,
  kept: readonly KeptUnit[],
  hurry: AbortSignal,
): Promise<void> {
  for (const group of [services, redis, postgres]) {
    const running = kept.filter(({ unit }) => group.includes(unit));
    await Promise.all(running.map((one) => one.stop(hurry)));
  }
}
