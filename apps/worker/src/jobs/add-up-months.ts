import { addUpMonths, type LinkMonthStore } from '../domain/add-up-months.ts';
import type { ScheduledWork } from './create-handlers.ts';

/** Adds up the past months of busy links. */
export function createAddUpMonths(store: LinkMonthStore, now: () => Date): ScheduledWork {
  return async (signal) => {
    const made = await addUpMonths(store, { now, signal });
    return made === 0 ? null : `added up ${made} months of links`;
  };
}
