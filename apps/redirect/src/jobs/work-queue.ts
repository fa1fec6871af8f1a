import { DeadBatchJob, queueNames, WarmUpJob } from '@shortstack/contracts';
import { defineJob, defineQueue } from '@shortstack/queue';
import { Value } from 'typebox/value';

/** redirect's queue on its local Redis. */
export const workQueue = defineQueue({
  name: queueNames.redirect,
  jobs: {
    'warm-up': defineJob({ validate: (data) => Value.Parse(WarmUpJob, data), attempts: 3 }),
    'recount-batch': defineJob({
      validate: (data) => Value.Parse(DeadBatchJob, data),
      attempts: 5,
    }),
    // `turbo gen job` adds jobs above this line.
  },
});
