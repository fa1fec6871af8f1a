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

  async function oldestClosed(names: string[]): Promise<string | undefined> {
    const closed = await Promise.all(
      names
        .filter((name) => name.endsWith('.closed'))
        .map(async (name) => ({
          name,
          at: (await stat(join(directory, name)).catch(() => undefined))?.mtimeMs ?? 0,
        })),
    );
    return closed.sort((a, b) => a.at - b.at)[0]?.name;
  }

  return {
    pollMs: 250,
    async read() {
      await mkdir(directory, { recursive: true });
      await seizeForgotten(await readdir(directory));
      const name = await oldestClosed(await readdir(directory));
      if (name === undefined) return null;
      const path = join(directory, name);
      const { batches } = decodeRecords(await readFile(path));
      return { batches, forget: () => rm(path, { force: true }) };
    },
  };
}
