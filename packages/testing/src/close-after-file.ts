const closers: (() => Promise<unknown>)[] = [];

/**
 * Runs `close` when the tests of the current file are over, the latest first, whether it was registered in a test, in a
 * hook or at the top of the file. Vitest itself has no hook that can be added everywhere.
 */
export function closeAfterFile(close: () => Promise<unknown>): void {
  closers.push(close);
}

/** Closes all of it. Rejects, once all was tried, with what failed first. */
export async function closeAll(): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers.splice(0).reverse()) {
    await close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
