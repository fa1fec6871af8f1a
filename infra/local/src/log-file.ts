import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';

const MAX_BYTES = 10 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Sets the log of the last start aside as `<file>.1`, whose predecessor goes. */
export function rotateAtStart(file: string): void {
  if (existsSync(file) && statSync(file).size > 0) renameSync(file, `${file}.1`);
}

/**
 * Keeps a growing log within 10 MiB, plus 10 MiB in `<file>.1`. Processes write to their log files
 * directly, so that they neither wait for this one nor lose lines when it is killed; for that reason
 * the file is copied and emptied, not renamed. What is written in between these two is lost.
 */
export function rotateIfLarge(file: string, maxBytes: number = MAX_BYTES): void {
  if (!existsSync(file) || statSync(file).size <= maxBytes) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}

/** The last lines of a log, at most 16 KiB. */
export function lastLines(file: string, count: number): string[] {
  if (!existsSync(file)) return [];
  const { size } = statSync(file);
  return readLines(file, Math.max(0, size - TAIL_BYTES)).lines.slice(-count);
}

/** Whole lines from a byte position on (at most 1 MiB of them), and the position after them. */
export function readLines(file: string, from: number): { lines: string[]; next: number } {
  if (!existsSync(file)) return { lines: [], next: 0 };
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const start = size < from ? 0 : from; // Emptied in the meantime.
    const buffer = Buffer.alloc(Math.min(size - start, 1024 * 1024));
    const length = readSync(descriptor, buffer, 0, buffer.length, start);
    const end = buffer.subarray(0, length).lastIndexOf('\n') + 1;
    const lines = buffer.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    return { lines: lines.filter((line) => line.trim() !== ''), next: start + end };
  } finally {
    closeSync(descriptor);
  }
}
