import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('what a file opens is closed before the next file of its worker begins', async () => {
  const root = join(import.meta.dirname, '../../..');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const config = 'packages/testing/test/closing/vitest.config.ts';
  // Another run of its own, not a part of this one.
  const env = { PATH: process.env.PATH, NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, [vitest, 'run', '--config', config], {
    cwd: root,
    env,
    timeout: 20_000,
  });
  const output = await run.catch((failed: { stdout: string }) => failed);
  expect(output.stdout).toMatch(/Tests +2 passed \(2\)/);
});
