import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from '@shortstack/telemetry';
import type { MemberStarted } from './membership.ts';

export interface MemberOptions {
  /** From 1. */
  number: number;
  /** Added to the parent's environment. */
  env: Readonly<Record<string, string>>;
  logger: Logger;
}

/** One place in a group: a process, and after its end the one that follows it. */
export interface Member {
  readonly number: number;
  readonly pid: number | undefined;
  /** Where its internal listener is; undefined while it starts. */
  readonly internalUrl: string | undefined;
  readonly restarts: number;
  /** Resolves when it does its work for the first time; rejects if it ends before. */
  readonly started: Promise<void>;
  /** SIGTERM. Resolves when it has ended; rejects unless it did so well. */
  stop(): Promise<void>;
}

const firstDelayMs = 500;
const maxDelayMs = 30_000;
/** Whoever ran this long has recovered: its next failure counts as the first one. */
const recoveredAfterMs = 30_000;

/** Forks a process and, once it was ready, forks it again whenever it ends: with exponential backoff, without giving up. */
export function keepMember({ number, env, logger }: MemberOptions): Member {
  const started = Promise.withResolvers<void>();
  let running: Worker | undefined;
  let internalUrl: string | undefined;
  let restartTimer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let wasReady = false;
  let failures = 0;
  let restarts = 0;

  function start(): void {
    const startedAt = performance.now();
    const worker = cluster.fork(env);
    running = worker;
    worker.once('message', (message: MemberStarted) => {
      internalUrl = message.internalUrl;
      wasReady = true;
      started.resolve();
    });
    worker.once('exit', (code, signal) => {
      running = undefined;
      internalUrl = undefined;
      if (isStopping) return;
      const how = `process ${number} of the group ended with ${signal ?? code}`;
      if (!wasReady) return started.reject(new Error(`${how} before it was ready`));
      failures = performance.now() - startedAt > recoveredAfterMs ? 1 : failures + 1;
      const delayMs = Math.min(firstDelayMs * 2 ** (failures - 1), maxDelayMs);
      logger.error({ restartInMs: delayMs }, how);
      restartTimer = setTimeout(() => {
        restarts += 1;
        start();
      }, delayMs);
    });
  }
  start();

  return {
    number,
    get pid() {
      return running?.process.pid;
    },
    get internalUrl() {
      return internalUrl;
    },
    get restarts() {
      return restarts;
    },
    started: started.promise,
    async stop() {
      isStopping = true;
      clearTimeout(restartTimer);
      if (running === undefined) return;
      const exited = once(running, 'exit');
      // Not `worker.kill()`, which first takes its listeners away under requests on their way.
      running.process.kill('SIGTERM');
      const [code, signal] = await exited;
      // Whoever is still loading its sources has nothing under way and ends by the signal itself.
      if (code !== 0 && signal !== 'SIGTERM')
        throw new Error(`process ${number} of the group ended with ${signal ?? code}`);
    },
  };
}
