import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Driver, LoadResult } from './load.ts';

const program = fileURLToPath(new URL('bundled-load-program.ts', import.meta.url));

/** The generator of `npm run load`, in a process of its own with one thread, for machines without wrk. */
export const bundledDriver: Driver = {
  name: 'the bundled generator (wrk, where it is installed, is faster)',
  async run(load) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [program, JSON.stringify(load)],
      {
        timeout: (load.seconds + 30) * 1_000,
      },
    );
    const { failed, ...result } = JSON.parse(stdout) as LoadResult & { failed: number };
    if (failed > 0) {
      throw new Error(
        `${load.origin} did not answer as it should: ${failed} requests failed or had another status than ${load.status ?? 302}.`,
      );
    }
    return result;
  },
};
