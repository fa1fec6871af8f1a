import {
  type KeepPartitionsOptions,
  keepPartitions,
  type PartitionStore,
} from '../domain/keep-partitions.ts';
import type { ScheduledWork } from './create-handlers.ts';

/** Keeps a partition ready for each of the coming days, and none past its retention. */
export function createKeepPartitions(
  store: PartitionStore,
  options: KeepPartitionsOptions,
): ScheduledWork {
  return async () => {
    const { dropped } = await keepPartitions(store, options);
    return dropped.length === 0 ? null : `dropped ${dropped.join(', ')}`;
  };
}
