import type { FastifyBaseLogger } from 'fastify';
import type { Problem } from './problem.ts';

const quietMs = 1000;

interface Repetition {
  loggedAt: number;
  unlogged: number;
}

/**
 * Logs what goes wrong on our side: every 500 with its causes as an error; of the 503s one warning per code and second,
 * with the number of those left out, since while a dependency is away every request has the same one.
 * The client's own mistakes (4xx) are not logged.
 */
export function createErrorLog(now: () => number = Date.now) {
  const repetitions = new Map<string, Repetition>();

  return (log: FastifyBaseLogger, problem: Problem, error: unknown): void => {
    if (problem.status < 500) return;
    if (problem.status !== 503) {
      log.error({ err: error }, 'request failed');
      return;
    }
    const last = repetitions.get(problem.code);
    if (last && now() - last.loggedAt < quietMs) {
      last.unlogged += 1;
      return;
    }
    repetitions.set(problem.code, { loggedAt: now(), unlogged: 0 });
    log.warn({ err: error, code: problem.code, unlogged: last?.unlogged ?? 0 }, 'unavailable');
  };
}
