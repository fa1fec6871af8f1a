import { inChunks } from '../domain/in-chunks.ts';
import { utcDay } from '../domain/partition-plan.ts';
import type { ScheduledWork } from './create-handlers.ts';

export interface CleanUpRecordsOptions {
  deleteIdempotencyKeys: (before: Date, limit: number) => Promise<number>;
  deleteCountedBatches: (before: Date, limit: number) => Promise<number>;
  deleteVisitorSalts: (day: string) => Promise<number>;
  now: () => Date;
}

const dayMs = 86_400_000;
const idempotencyKeysKeptMs = dayMs;
/** Far longer than a batch may wait in a spool. */
const countedBatchesKeptMs = 30 * dayMs;

/** Deletes what has served its purpose: answers to idempotency keys, numbers of counted batches, salts of past days. */
export function createCleanUpRecords(options: CleanUpRecordsOptions): ScheduledWork {
  return async (signal) => {
    const now = options.now();
    const ago = (ms: number) => new Date(now.getTime() - ms);
    const deleted =
      // Late clicks of yesterday still need yesterday's salt.
      (await options.deleteVisitorSalts(utcDay(now, -1))) +
      (await inChunks(
        (limit) => options.deleteIdempotencyKeys(ago(idempotencyKeysKeptMs), limit),
        signal,
      )) +
      (await inChunks(
        (limit) => options.deleteCountedBatches(ago(countedBatchesKeptMs), limit),
        signal,
      ));
    return deleted === 0 ? null : `deleted ${deleted} outdated records`;
  };
}
