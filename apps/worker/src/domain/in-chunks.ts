/** Few enough rows for a transaction of well under a second. */
const chunkRows = 1_000;

/**
 * Repeats `work`, which handles up to `limit` rows (default 1,000) and resolves with how many it did, until it finds no full chunk any
 * more or the signal aborts. Resolves with the sum.
 */
export async function inChunks(
  work: (limit: number) => Promise<number>,
  signal: AbortSignal,
  limit = chunkRows,
): Promise<number> {
  let total = 0;
  while (!signal.aborted) {
    const done = await work(limit);
    total += done;
    if (done < limit) break;
  }
  return total;
}
