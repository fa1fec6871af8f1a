import { afterAll } from 'vitest';

const closers: (() => Promise<void>)[] = [];

/**
 * Runs `close` when the tests of the current file are over, the latest first, whether it was registered
 * in a test, in a hook or at the top of the file. Vitest itself has no hook that can be added everywhere.
 */
export function closeAfterFile(close: () => Promise<void>): void {
  closers.push(close);
}

// Vitest loads this module anew for each test file, so this belongs to the file that imports it; as the
// first `afterAll` to be registered it is the last to run.
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
