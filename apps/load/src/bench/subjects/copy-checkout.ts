import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const leftOut = ['.data', '.git', 'dist', '.turbo', 'coverage'];

/**
 * Copies this checkout with what is installed in it, without its data: `npm start` in the copy touches nothing of the
 * original's.
 */
export async function copyCheckout(): Promise<{ directory: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-bench-checkout-'));
  // As root, PostgreSQL runs as another user, who must get to its binaries.
  await chmod(directory, 0o755);
  const excluded = leftOut.map((name) => `--exclude=${name}`);
  await run(
    'sh',
    [
      '-c',
      `cd "$1" && shift && tar -c "$@" . | tar -x -C "$TARGET"`,
      'copy',
      ...[root, ...excluded.map((each) => each.replace('=', '=./'))],
    ],
    { env: { ...process.env, TARGET: directory } },
  );
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
