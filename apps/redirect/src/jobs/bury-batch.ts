import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Producer } from '@shortstack/queue';
import type { Logger } from '@shortstack/telemetry';
import type { ClickBatch } from '../clicks/click-batch.ts';
import { hideAddresses } from './hide-addresses.ts';
import type { workQueue } from './work-queue.ts';

/**
 * Puts a batch that can't be counted into the queue, where `recount-batch` tries it again and, if that fails, leaves it among
 * the dead letters. Repeatable: a batch has one job, whatever is in it. Rejects with `QUEUE_UNAVAILABLE`.
 *
 * It may lie there for long, so instead of visitors' addresses it holds pseudonyms, made with a key that only this process has in
 * memory. Whoever is counted under one is another visitor than under the address.
 */
export function createBuryBatch(
  producer: Pick<Producer<typeof workQueue.jobs>, 'add'>,
  logger: Logger,
) {
  const key = randomBytes(32);
  const pseudonymOf = (address: string) =>
    createHmac('sha256', key).update(address).digest('base64url').slice(0, 22);

  return async ({ bootId, sequence, payload }: ClickBatch, reason: string): Promise<void> => {
    logger.error(
      { bootId, sequence, reason },
      'a click batch could not be counted and was put aside',
    );
    // The name must be the same in the next process, and tell nothing of addresses either.
    const named = hideAddresses(payload, () => '-');
    const name = createHash('sha256').update(`${bootId} ${sequence} ${named}`).digest('hex');
    const data = {
      bootId,
      // It may be anything, and JSON has no NaN.
      sequence: Number.isSafeInteger(sequence) ? sequence : 0,
      payload: hideAddresses(payload, pseudonymOf),
      reason,
    };
    await producer.add('recount-batch', data, { jobId: `recount-${name}` });
  };
}
