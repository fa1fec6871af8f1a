/** The pool of ready blocks of codes. */
export interface CodePool {
  count(): Promise<number>;
  /** Adds one block unless there are `maxBlocks`, or another process is adding one right now; tells whether it did. */
  addBlock(maxBlocks: number): Promise<boolean>;
}

/**
 * Fills the pool up to `highBlocks` once it holds fewer than `lowBlocks`; resolves with how many blocks it made. Where another
 * worker fills it at the same moment, that one goes on alone.
 */
export async function fillCodePool(
  pool: CodePool,
  { lowBlocks, highBlocks }: { lowBlocks: number; highBlocks: number },
): Promise<number> {
  if ((await pool.count()) >= lowBlocks) return 0;
  let made = 0;
  while (await pool.addBlock(highBlocks)) made += 1;
  return made;
}
