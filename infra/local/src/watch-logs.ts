import { errorIn } from './error-in-log-line.ts';
import { readLines, rotateIfLarge } from './log-file.ts';
import { say } from './say.ts';
import type { Unit } from './unit.ts';

const POLL_MS = 1_000;
/** The same message of the same unit is shown once in this time, and no more than three in a second. */
const REPEAT_MS = 60_000;
const MAX_PER_POLL = 3;
const MAX_REMEMBERED = 200;

/** Keeps the logs within bounds, and shows the errors that services log. Returns a function that ends it. */
export function watchLogs(units: readonly Unit[]): () => void {
  const watches = units.map((unit) => watchLog(unit));
  const timer = setInterval(() => {
    for (const check of watches) check();
  }, POLL_MS);
  return () => clearInterval(timer);
}

function watchLog({ name, logFile }: Unit): () => void {
  const shownAt = new Map<string, number>();
  let position = 0;

  return () => {
    const { lines, next } = readLines(logFile, position);
    position = next;
    let shown = 0;
    for (const line of lines) {
      const message = errorIn(line);
      if (message === undefined || shown === MAX_PER_POLL) continue;
      if (Date.now() - (shownAt.get(message) ?? 0) < REPEAT_MS) continue;
      if (shownAt.size === MAX_REMEMBERED) shownAt.clear();
      shownAt.set(message, Date.now());
      shown += 1;
      say(`${name}: ${message} (log: ${logFile})`);
    }
    rotateIfLarge(logFile);
  };
}
