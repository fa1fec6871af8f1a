import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { endSoon } from './end-soon.ts';
import { explain } from './explain.ts';
import { lastWords } from './last-words.ts';
import { print, say } from './say.ts';
import type { ShownLogs } from './show-logs.ts';
import { StartError } from './start-error.ts';
import type { Exit, RunningUnit, Unit } from './unit.ts';

export interface KeptUnit {
  readonly unit: Unit;
  /** Resolves when it does its work for the first time; rejects with `StartError` if it can't be brought to. */
  readonly ready: Promise<void>;
  /** Ends it soon, whatever it does, and starts it again at once; says when it is ready. Safe at any moment. */
  restart(): void;
  /** Of the process that runs at the moment. */
  pid(): number | undefined;
  /** Ends it soon and lets it be until `release`. Resolves when it is gone. For units that were ready. */
  hold(): Promise<void>;
  release(): void;
  /** Ends it and resolves when it is gone; safe at any moment. */
  stop(hurry?: AbortSignal): Promise<void>;
}

interface Backoff {
  firstMs: number;
  maxMs: number;
  /** Whoever ran this long has recovered: its next failure counts as the first one. */
  recoveredAfterMs: number;
}

export interface KeepRunningOptions {
  backoff?: Backoff;
  /**
   * For a unit whose source is being worked on: one that ends before it is ready waits for `restart`, since
   * only a change will mend it, and never fails the start. `showNow` is called when it has ended, instead of
   * repeating its last words.
   */
  dev?: Pick<ShownLogs, 'showNow'> | undefined;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 500, maxMs: 30_000, recoveredAfterMs: 30_000 };
/** A unit that ends this often before it was ever ready is broken, not unlucky. */
const MAX_FIRST_STARTS = 3;
const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 50;
/** What a process has to end in good order that is to be gone. */
const HOLD_MS = 250;

/**
 * Starts a unit and starts it again whenever it ends, with exponential backoff and without ever giving
 * up, and says so. Only before it was ready for the first time does it give up: see `ready`.
 */
export function keepRunning(
  unit: Unit,
  { backoff = DEFAULT_BACKOFF, dev }: KeepRunningOptions = {},
): KeptUnit {
  const stopping = new AbortController();
  /** Aborted by `restart`, `hold` and `stop`: whichever it is, nothing is to be waited for. */
  let restarting = new AbortController();
  let restartedAt: number | undefined;
  const ready = Promise.withResolvers<void>();
  let running: RunningUnit | undefined;
  let held: PromiseWithResolvers<void> | undefined;
  let everReady = false;

  async function run(): Promise<void> {
    let failures = 0;
    for (let starts = 1; !stopping.signal.aborted; starts += 1) {
      if (held) {
        await held.promise;
        restarting = new AbortController();
        if (stopping.signal.aborted) break;
      }
      const startedAt = Date.now();
      const ending = await runOnce(starts > 1);
      if (restarting.signal.aborted) {
        failures = 0;
      } else if (!stopping.signal.aborted) {
        if (!everReady && !ending.mendable && starts >= MAX_FIRST_STARTS)
          throw failedStart(ending.how);
        failures = Date.now() - startedAt > backoff.recoveredAfterMs ? 1 : failures + 1;
        await untilNextStart(
          ending,
          Math.min(backoff.firstMs * 2 ** (failures - 1), backoff.maxMs),
        );
      }
      if (restarting.signal.aborted) restarting = new AbortController();
    }
  }

  async function untilNextStart({ how, words, mendable }: Ending, delayMs: number): Promise<void> {
    const next = mendable ? 'waiting for a change' : `starting it again in ${delayMs / 1000} s`;
    dev?.showNow();
    say(`${unit.name} ${how}; ${next} (log: ${unit.logFile})`);
    for (const line of dev ? [] : words) print(`            ${line.slice(0, 300)}`);
    const { signal } = restarting;
    if (mendable) await once(signal, 'abort');
    else await pause(delayMs, undefined, { signal }).catch(() => {});
  }

  async function runOnce(again: boolean): Promise<Ending> {
    try {
      running = await unit.start();
    } catch (error) {
      if (!everReady) throw new StartError(`${unit.name} can't start: ${explain(error)}`);
      return { how: `can't start (${explain(error)})`, words: [], mendable: false };
    }
    // Asked to stop or restart while it started: only now is there something to end.
    if (stopping.signal.aborted) await running.stop();
    else if (restarting.signal.aborted) await endSoon(running);
    const ended = new AbortController();
    const watching = watchReadiness(ended.signal, again);
    const exit = await running.exited;
    running = undefined;
    ended.abort();
    const wasReady = await watching;
    // Whoever is killed from outside has no say in it.
    const killed = exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM';
    return {
      how: describeExit(exit),
      words: killed ? [] : lastWords(unit.logFile),
      mendable: dev !== undefined && !wasReady,
    };
  }

  async function watchReadiness(ended: AbortSignal, again: boolean): Promise<boolean> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!ended.aborted && !stopping.signal.aborted) {
      const reason = await unit.whyNotReady();
      if (ended.aborted) return false;
      if (reason === undefined) {
        everReady = true;
        ready.resolve();
        if (again) sayReady();
        return true;
      }
      if (!everReady && Date.now() > deadline) {
        ready.reject(new StartError(`${unit.name} is not ready after two minutes: ${reason}`));
      }
      await pause(POLL_MS, undefined, { signal: ended }).catch(() => {});
    }
    return false;
  }

  function sayReady(): void {
    const seconds = restartedAt && (Date.now() - restartedAt) / 1000;
    say(`${unit.name} is ${seconds ? `ready after ${seconds.toFixed(1)} s` : 'running again'}`);
    restartedAt = undefined;
  }

  function failedStart(ending: string): StartError {
    const words = lastWords(unit.logFile).join('\n');
    return new StartError(
      `${unit.name} ${ending} ${MAX_FIRST_STARTS} times before it was ready (log: ${unit.logFile}):\n${words}`,
    );
  }

  const done = run().catch((error: unknown) => ready.reject(error));
  ready.promise.catch(() => {}); // Whoever waits for it hears of it.
  return {
    unit,
    ready: ready.promise,
    restart() {
      if (restarting.signal.aborted) return; // What is started next reads the sources as they are then.
      restartedAt = Date.now();
      restarting.abort();
      if (running) void endSoon(running);
    },
    pid: () => running?.pid,
    async hold() {
      held ??= Promise.withResolvers();
      restarting.abort();
      await running?.stop(AbortSignal.timeout(HOLD_MS));
    },
    release() {
      held?.resolve();
      held = undefined;
    },
    async stop(hurry) {
      stopping.abort();
      held?.resolve();
      restarting.abort();
      await running?.stop(hurry);
      await done;
    },
  };
}

interface Ending {
  /** Completes "create …". */
  how: string;
  words: string[];
  /** Only a change of its source will mend it. */
  mendable: boolean;
}

function describeExit({ code, signal }: Exit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}
