/** The tables that have one partition per UTC day. */
export type PartitionedTable = 'clicks' | 'daily_visitors' | 'link_minutes';

/** A partition as it is found. `detaching`: a crash came between; `detached`: a table on its own, not dropped yet. */
export interface Partition {
  table: PartitionedTable;
  name: string;
  state: 'attached' | 'detaching' | 'detached';
}

const daysAhead = 7;
const dayMs = 86_400_000;

/** The UTC day that lies `days` after that of `now`, as `2026-11-21`. */
export function utcDay(now: Date, days = 0): string {
  return new Date(now.getTime() + days * dayMs).toISOString().slice(0, 10);
}

/** Today and the seven days after it. */
export function daysToPrepare(now: Date): string[] {
  return Array.from({ length: daysAhead + 1 }, (_, days) => utcDay(now, days));
}

/** Whether a partition's day lies more than `keepDays` before today. False for a name that no partition has. */
export function isPastRetention({ name }: Partition, now: Date, keepDays: number): boolean {
  const [, year, month, day] = /_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
  return year !== undefined && `${year}-${month}-${day}` < utcDay(now, -keepDays);
}
