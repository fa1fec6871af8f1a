import {
  daysToPrepare,
  isPastRetention,
  type Partition,
  type PartitionedTable,
} from './partition-plan.ts';

/** What can be done to partitions. */
export interface PartitionStore {
  /** Makes the partition of a UTC day unless it is there. */
  ensureDay(table: PartitionedTable, day: string): Promise<void>;
  /**
   * Calls `work` with what drops partitions, or not at all while another process does this; tells which. Both ways of detaching
   * wait for the transactions that use the table, and let new ones go on.
   */
  maintain(work: (maintenance: PartitionMaintenance) => Promise<void>): Promise<boolean>;
}

export interface PartitionMaintenance {
  list(): Promise<Partition[]>;
  detach(partition: Partition): Promise<void>;
  /** Ends a detaching that a crash or a timeout interrupted. */
  finishDetaching(partition: Partition): Promise<void>;
  drop(partition: Partition): Promise<void>;
}

export interface KeepPartitionsOptions {
  keepDays: Record<PartitionedTable, number>;
  now: () => Date;
}

/**
 * Makes the partitions of today and the next seven days, and drops those past their retention. Each step can be repeated, and
 * what an earlier run left halfway is finished: PostgreSQL detaches no other partition before that.
 */
export async function keepPartitions(
  store: PartitionStore,
  { keepDays, now }: KeepPartitionsOptions,
): Promise<{ dropped: string[] }> {
  const tables: PartitionedTable[] = ['clicks', 'daily_visitors', 'link_minutes'];
  for (const table of tables) {
    for (const day of daysToPrepare(now())) await store.ensureDay(table, day);
  }
  const dropped: string[] = [];
  await store.maintain(async (maintenance) => {
    const partitions = await maintenance.list();
    for (const partition of partitions) {
      if (partition.state === 'detaching') await maintenance.finishDetaching(partition);
    }
    for (const partition of partitions) {
      if (!isPastRetention(partition, now(), keepDays[partition.table])) continue;
      if (partition.state === 'attached') await maintenance.detach(partition);
      await maintenance.drop(partition);
      dropped.push(partition.name);
    }
  });
  return { dropped };
}
