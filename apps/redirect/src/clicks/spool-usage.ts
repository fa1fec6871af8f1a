import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SpoolUsage {
  /** Bytes of all segments as far as known. Asking has the directory measured again when that is due. */
  bytes(): number;
  /** Notes what this process wrote. */
  add(bytes: number): void;
}

const measureEveryMs = 1_000;

/**
 * Knows how much the spool takes. What others write and the reader removes is found out by measuring, once a second
 * at most: in the background, and file by file, since after a long outage there are many and the click that waits needs
 * the disk, too.
 */
export async function createSpoolUsage(directory: string): Promise<SpoolUsage> {
  let known = await measure(directory);
  let nextAt = performance.now() + measureEveryMs;

  async function measureAgain(): Promise<void> {
    const startedAt = performance.now();
    const before = known;
    const found = await measure(directory).catch(() => before);
    known += found - before;
    const finishedAt = performance.now();
    nextAt = finishedAt + Math.max(measureEveryMs, 10 * (finishedAt - startedAt));
  }

  return {
    bytes() {
      if (performance.now() >= nextAt) {
        nextAt = Number.POSITIVE_INFINITY;
        void measureAgain();
      }
      return known;
    },
    add(bytes) {
      known += bytes;
    },
  };
}

async function measure(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory)) {
    // The reader may have removed it by now.
    const found = await stat(join(directory, name)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}
