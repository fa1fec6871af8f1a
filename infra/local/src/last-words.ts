import { errorIn } from './error-in-log-line.ts';
import { lastLines } from './log-file.ts';

const MAX_LINES = 12;

/** What a process wrote before it ended, as far as it tells why: its last error without the stack, or else its last lines. */
export function lastWords(logFile: string): string[] {
  const lines = lastLines(logFile, 60);
  const start = lines.findLastIndex((line) => /^\s*([A-Z]\w*)?Error\b.*: |FATAL|PANIC/.test(line));
  if (start >= 0) {
    const rest = lines.slice(start, start + MAX_LINES);
    const stack = rest.findIndex((line) => /^\s+at /.test(line));
    return stack > 0 ? rest.slice(0, stack) : rest;
  }
  const logged = lines.map(errorIn).findLast((message) => message !== undefined);
  return logged === undefined ? lines.slice(-3) : [logged];
}
