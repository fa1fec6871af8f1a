import type { DeadBatchJob } from '@shortstack/contracts';
import { permanent } from '@shortstack/queue';
import type { ClickBatch } from '../clicks/click-batch.ts';
import { BadBatchError } from '../ingestion/parse-batch.ts';

/**
 * Tries once more to count a batch that ingestion had to put aside. One that can't be read goes to the dead letters
 * at once, one that PostgreSQL keeps refusing after its last attempt; an operator may replay them.
 */
export function createRecountBatch(
  countBatches: (batches: readonly ClickBatch[]) => Promise<unknown>,
) {
  return async ({ bootId, sequence, payload }: DeadBatchJob): Promise<void> => {
    try {
      await countBatches([{ bootId, sequence, payload }]);
    } catch (error) {
      throw error instanceof BadBatchError ? permanent(error.message, error) : error;
    }
  };
}
