import { defineJob, defineQueue } from '@shortstack/queue';

/** A parent that sums up, and children of which some are bad. */
export const sums = defineQueue({
  name: 'sums',
  jobs: {
    total: defineJob({ validate: () => ({}), attempts: 3, backoffMs: 10 }),
    part: defineJob({ validate: (data) => data as { part: number }, attempts: 2, backoffMs: 10 }),
  },
});
