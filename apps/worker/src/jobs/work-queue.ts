import { queueNames, ScheduledJob } from '@shortstack/contracts';
import { defineJob, defineQueue, type Schedule } from '@shortstack/queue';
import { Value } from 'typebox/value';

/** Tries per run: a schedule's next run is its last retry. */
export const attemptsPerRun = 3;

const onSchedule = () =>
  defineJob({
    validate: (data) => Value.Parse(ScheduledJob, data),
    attempts: attemptsPerRun,
    backoffMs: 1_000,
  });

/** worker's queue on its local Redis. */
export const workQueue = defineQueue({
  name: queueNames.worker,
  jobs: {
    'fill-code-pool': onSchedule(),
    'clean-up-links': onSchedule(),
    'clean-up-records': onSchedule(),
    'keep-partitions': onSchedule(),
    'add-up-months': onSchedule(),
    'sweep-registry': onSchedule(),
    // `turbo gen job` adds jobs above this line.
  },
});

export type WorkJobs = (typeof workQueue)['jobs'];

/** When each job runs; a schedule has the name of its job. */
export const schedules: readonly Schedule<WorkJobs>[] = [
  { id: 'sweep-registry', job: 'sweep-registry', data: {}, everyMs: 5_000 },
  { id: 'fill-code-pool', job: 'fill-code-pool', data: {}, everyMs: 10_000 },
  { id: 'clean-up-links', job: 'clean-up-links', data: {}, everyMs: 60_000 },
  { id: 'clean-up-records', job: 'clean-up-records', data: {}, everyMs: 600_000 },
  { id: 'keep-partitions', job: 'keep-partitions', data: {}, everyMs: 3_600_000 },
  { id: 'add-up-months', job: 'add-up-months', data: {}, everyMs: 21_600_000 },
  // `turbo gen job` adds schedules above this line.
];

/** Requests to fill the pool that come within the same three seconds are one job. */
export function refillJobId(nowMs: number): string {
  return `fill-code-pool-${Math.floor(nowMs / 3_000)}`;
}
