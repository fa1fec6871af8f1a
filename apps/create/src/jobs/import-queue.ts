import { ImportJob, ScheduledJob } from '@shortstack/contracts';
import { defineJob, defineQueue, type Schedule } from '@shortstack/queue';
import { Value } from 'typebox/value';

const parse = (data: unknown) => Value.Parse(ImportJob, data);

/** create's queue of imports on its local Redis: each import a parent with a child per chunk. */
export const importQueue = defineQueue({
  name: 'create-imports',
  jobs: {
    'take-up-imports': defineJob({
      validate: (data) => Value.Parse(ScheduledJob, data),
      attempts: 1,
    }),
    'import-chunk': defineJob({ validate: parse }),
    'finish-import': defineJob({ validate: parse }),
  },
});

export type ImportJobs = (typeof importQueue)['jobs'];

/** PostgreSQL is asked what there is to do, so neither a lost message nor a lost Redis matters. */
export const importSchedules: readonly Schedule<ImportJobs>[] = [
  { id: 'take-up-imports', job: 'take-up-imports', data: {}, everyMs: 500 },
];
