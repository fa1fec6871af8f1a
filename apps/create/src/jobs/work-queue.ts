import { queueNames, ReadMetadataJob } from '@shortstack/contracts';
import { defineJob, defineQueue } from '@shortstack/queue';
import { Value } from 'typebox/value';

/** create's queue on its local Redis. */
export const workQueue = defineQueue({
  name: queueNames.create,
  jobs: {
    'read-metadata': defineJob({
      validate: (data) => Value.Parse(ReadMetadataJob, data),
      attempts: 10,
      backoffMs: 5_000,
    }),
    // `turbo gen job` adds jobs above this line.
  },
});

export type WorkJobs = (typeof workQueue)['jobs'];
