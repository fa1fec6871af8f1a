import { statSync } from 'node:fs';
import { formatLogEntry, formatPlainLines, type LogOrigin } from './format-log-line.ts';
import { readLogEntry } from './log-entry.ts';
import { readLines, rotateIfLarge } from './log-file.ts';
import { print } from './say.ts';
import type { Unit } from './unit.ts';

export interface ShownLogs {
  /** Shows at once what has been written by now. */
  showNow(): void;
  end(): void;
}

interface Shown {
  time: number;
  text: string;
}

const POLL_MS = 100;
const COLOURS = ['cyan', 'cyanBright', 'magenta', 'magentaBright', 'blue', 'blueBright'] as const;

/**
 * Shows what the units log from now on, merged in the order of time, within 200 ms; and keeps the logs within bounds.
 * Once `stopping` is aborted, only services' logs are shown: how a server shuts down is of no interest.
 */
export function showLogs(units: readonly Unit[], stopping: AbortSignal): ShownLogs {
  const nameWidth = Math.max(...units.filter(({ main }) => main).map(({ name }) => name.length));
  const logs = units.map(({ name, main, logFile }, index) => {
    const colour = (main && COLOURS[index % COLOURS.length]) || 'dim';
    const readNew = followLog(logFile, { name, colour, nameWidth });
    return () => (stopping.aborted && !main ? [] : readNew());
  });
  const showNow = () => {
    const news = logs.flatMap((readNew) => readNew()).toSorted((a, b) => a.time - b.time);
    if (news.length > 0) print(news.map(({ text }) => text).join('\n'));
  };
  const timer = setInterval(showNow, POLL_MS);
  return {
    showNow,
    end() {
      clearInterval(timer);
      showNow();
    },
  };
}

function followLog(logFile: string, origin: LogOrigin): () => Shown[] {
  const size = () => statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  let position = size();
  return () => {
    if (size() === position) return [];
    const { lines, next } = readLines(logFile, position);
    position = next;
    rotateIfLarge(logFile);
    return formatLines(lines, origin);
  };
}

/** Lines without a time keep their place before the next one that has one. */
function formatLines(lines: readonly string[], origin: LogOrigin): Shown[] {
  const shown: Shown[] = [];
  let plain: string[] = [];
  const endPlain = (time: number) => {
    if (plain.length > 0) shown.push({ time, text: formatPlainLines(origin, time, plain) });
    plain = [];
  };
  for (const line of lines) {
    const entry = readLogEntry(line);
    if (!entry) {
      plain.push(line);
      continue;
    }
    const time = entry.time ?? Date.now();
    endPlain(time);
    shown.push({ time, text: formatLogEntry(origin, time, entry) });
  }
  endPlain(Date.now());
  return shown;
}
