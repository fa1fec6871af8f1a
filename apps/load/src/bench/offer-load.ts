import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Load, LoadResult } from './load.ts';

export interface OfferedLoad extends Load {
  /** Requests per second, as far as connections are free for them; undefined: as fast as answers come. */
  rate?: number;
}

export interface Outcome extends LoadResult {
  /** Answers as expected, without those that came when the time was over. */
  goodPerSecond: number;
  /** Answers with 503. */
  refused: number;
  /** Without an answer, or with any other status than the one that is expected. */
  failed: number;
  /** Of the answers that were expected, from sending. */
  p50Ms: number;
  p99Ms: number;
}

const program = fileURLToPath(new URL('bundled-load-program.ts', import.meta.url));

/** The generator of `npm run load`, in a process of its own with one thread. */
export async function offerLoad(load: OfferedLoad): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(load)], {
    timeout: (load.seconds + 30) * 1_000,
  });
  return JSON.parse(stdout) as Outcome;
}
