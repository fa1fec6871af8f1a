import { type CodePool, fillCodePool } from '../domain/fill-code-pool.ts';
import type { ScheduledWork } from './create-handlers.ts';

/** Keeps the pool of ready codes between its watermarks. */
export function createFillCodePool(
  pool: CodePool,
  watermarks: { lowBlocks: number; highBlocks: number },
): ScheduledWork {
  return async () => {
    const made = await fillCodePool(pool, watermarks);
    return made === 0 ? null : `made ${made} blocks of codes`;
  };
}
