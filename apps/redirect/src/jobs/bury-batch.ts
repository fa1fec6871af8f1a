import { createHash } from 'node:crypto';
import type { Producer } from '@shortstack/queue';
import type { Logger } from '@shortstack/telemetry';
import type { ClickBatch } from '../clicks/click-batch.ts';
import type { workQueue } from './work-queue.ts';

/**
 * Puts a batch that can't be counted into the queue, where `recount-batch` tries it again and, if that fails, leaves it among
 * the dead letters. Repeatable: a batch has one job, whatever is in it. Rejects with `QUEUE_UNAVAILABLE`.
 */
export function createBuryBatch(
  producer: Pick<Producer<typeof workQueue.jobs>, 'add'>,
  logger: Logger,
) {
  return async ({ bootId, sequence, payload }: ClickBatch, reason: string): Promise<void> => {
    logger.error(
      { bootId, sequence, reason },
      'a click batch could not be counted and was put aside',
    );
    const name = createHash('sha256').update(`${bootId} ${sequence} ${payload}`).digest('hex');
    const data = {
      bootId,
      // It may be anything, and JSON has no NaN.
      sequence: Number.isSafeInteger(sequence) ? sequence : 0,
      payload,
      reason,
    };
    await producer.add('recount-batch', data, { jobId: `recount-${name}` });
  };
}
