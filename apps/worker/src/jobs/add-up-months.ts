import { addUpMonths, type LinkMonthStore } from '../domain/add-up-months.ts';
import type { ScheduledWork } from './create-handlers.ts';

/** Adds up the months of busy links by the end of each day. */
export function createAddUpMonths(store: LinkMonthStore, now: () => Date): ScheduledWork {
  return async (signal) => {
    const made = await addUpMonths(store, { now, signal });
    return made === 0 ? null : `added up months of links by the end of ${made} days`;
  };
}
