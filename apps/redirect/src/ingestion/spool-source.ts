import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeRecords } from '../clicks/spool-record.ts';
import type { ClickSource } from './click-source.ts';

export interface SpoolSourceOptions {
  directory: string;
  /** An open segment that nobody has written to for so long belongs to a process that died (default 5,000 ms). */
  forgottenAfterMs?: number;
  now?: () => number;
}

/**
 * Reads closed spool segments, the oldest first, one per reading. A segment that its writer seems to
 * have forgotten is seized by closing it; a writer that lives after all notices and writes its batch again.
 * A torn end of a segment was never acknowledged and is passed over.
 */
export function createSpoolSource({
  directory,
  forgottenAfterMs = 5_000,
  now = Date.now,
}: SpoolSourceOptions): ClickSource {
  async function seizeForgotten(names: string[]): Promise<void> {
    for (const name of names.filter((name) => name.endsWith('.open'))) {
      const path = join(directory, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || now() - found.mtimeMs < forgottenAfterMs) continue;
      await rename(path, path.replace(/\.open$/, '.closed')).catch(() => undefined);
    }
  }

  /** Closed segments that are still to be read, the oldest last: a listing serves until it is used up. */
  let waiting: string[] = [];

  async function list(): Promise<string[]> {
    await mkdir(directory, { recursive: true });
    await seizeForgotten(await readdir(directory));
    const names = await readdir(directory);
    return names
      .filter((name) => name.endsWith('.closed'))
      .toSorted()
      .toReversed();
  }

  return {
    pollMs: 250,
    async read() {
      if (waiting.length === 0) waiting = await list();
      for (let name = waiting.at(-1); name !== undefined; name = waiting.at(-1)) {
        const path = join(directory, name);
        const segment = await readFile(path).catch(undefinedIfMissing);
        if (segment !== undefined) {
          const { batches } = decodeRecords(segment);
          return {
            batches,
            // One segment per reading: the next may be there.
            nextInMs: 0,
            async forget() {
              await rm(path, { force: true });
              waiting.pop();
            },
          };
        }
        // Another redirect-jobs was faster.
        waiting.pop();
      }
      return null;
    },
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as { code?: string }).code !== 'ENOENT') throw error;
}
