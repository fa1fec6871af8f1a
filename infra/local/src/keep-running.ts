import { setTimeout as pause } from 'node:timers/promises';
import { explain } from './explain.ts';
import { lastWords } from './last-words.ts';
import { print, say } from './say.ts';
import { StartError } from './start-error.ts';
import type { Exit, RunningUnit, Unit } from './unit.ts';

export interface KeptUnit {
  readonly unit: Unit;
  /** Resolves when it does its work for the first time; rejects with `StartError` if it can't be brought to. */
  readonly ready: Promise<void>;
  /** Ends it and resolves when it is gone; safe at any moment. */
  stop(hurry?: AbortSignal): Promise<void>;
}

export interface Backoff {
  firstMs: number;
  maxMs: number;
  /** Whoever ran this long has recovered: its next failure counts as the first one. */
  recoveredAfterMs: number;
}

const DEFAULT_BACKOFF: Backoff = { firstMs: 500, maxMs: 30_000, recoveredAfterMs: 30_000 };
/** A unit that ends this often before it was ever ready is broken, not unlucky. */
const MAX_FIRST_STARTS = 3;
const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 50;

/**
 * Starts a unit and starts it again whenever it ends, with exponential backoff and without ever giving
 * up, and says so. Only before it was ready for the first time does it give up: see `ready`.
 */
export function keepRunning(unit: Unit, backoff: Backoff = DEFAULT_BACKOFF): KeptUnit {
  const stopping = new AbortController();
  const ready = Promise.withResolvers<void>();
  let running: RunningUnit | undefined;
  let everReady = false;

  async function run(): Promise<void> {
    let failures = 0;
    for (let starts = 1; !stopping.signal.aborted; starts += 1) {
      const startedAt = Date.now();
      const ending = await runOnce(starts > 1);
      if (stopping.signal.aborted) return;
      if (!everReady && starts >= MAX_FIRST_STARTS) throw failedStart(ending.how);
      failures = Date.now() - startedAt > backoff.recoveredAfterMs ? 1 : failures + 1;
      const delayMs = Math.min(backoff.firstMs * 2 ** (failures - 1), backoff.maxMs);
      say(
        `${unit.name} ${ending.how}; starting it again in ${delayMs / 1000} s (log: ${unit.logFile})`,
      );
      for (const line of ending.words) print(`            ${line.slice(0, 300)}`);
      await pause(delayMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  async function runOnce(again: boolean): Promise<Ending> {
    try {
      running = await unit.start();
    } catch (error) {
      if (!everReady) throw new StartError(`${unit.name} can't start: ${explain(error)}`);
      return { how: `can't start (${explain(error)})`, words: [] };
    }
    // Asked to stop while it started: only now is there something to stop.
    if (stopping.signal.aborted) await running.stop();
    const ended = new AbortController();
    const watching = watchReadiness(ended.signal, again);
    const exit = await running.exited;
    running = undefined;
    ended.abort();
    await watching;
    // Whoever is killed from outside has no say in it.
    const killed = exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM';
    return { how: describeExit(exit), words: killed ? [] : lastWords(unit.logFile) };
  }

  async function watchReadiness(ended: AbortSignal, again: boolean): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!ended.aborted && !stopping.signal.aborted) {
      const reason = await unit.whyNotReady();
      if (ended.aborted) return;
      if (reason === undefined) {
        everReady = true;
        ready.resolve();
        if (again) say(`${unit.name} is running again`);
        return;
      }
      if (!everReady && Date.now() > deadline) {
        ready.reject(new StartError(`${unit.name} is not ready after two minutes: ${reason}`));
      }
      await pause(POLL_MS, undefined, { signal: ended }).catch(() => {});
    }
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
    async stop(hurry) {
      stopping.abort();
      await running?.stop(hurry);
      await done;
    },
  };
}

interface Ending {
  /** Completes "create …". */
  how: string;
  words: string[];
}

function describeExit({ code, signal }: Exit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}
