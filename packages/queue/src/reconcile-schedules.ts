import type { Queue } from 'bullmq';
import type { JobData, JobMap, JobName } from './define-queue.ts';
import { retryOptions } from './job-options.ts';

/** A job that is added again and again. */
export type Schedule<Jobs extends JobMap> = {
  [Name in JobName<Jobs>]: {
    /** Stable: the same id is the same schedule, in every process and version. */
    id: string;
    job: Name;
    data: JobData<Jobs, Name>;
  } & ({ everyMs: number } | { cron: string; timeZone: string });
}[JobName<Jobs>];

/** How late a schedule's next job may be before the schedule counts as broken. */
const graceMs = 60_000;

/**
 * Makes the schedules of a queue those in the list: adds what is missing, changes what differs, removes the rest. What fits is left
 * alone, since BullMQ replaces the pending job at each upsert. Any number of processes may do so at once; while
 * two versions run, each turns the differing schedules into its own. One round trip, two more per schedule that differs.
 */
export async function reconcileSchedules<Jobs extends JobMap>(
  queue: Queue,
  jobs: Jobs,
  schedules: readonly Schedule<Jobs>[],
): Promise<void> {
  const present = await queue.getJobSchedulers(0, -1, true);
  for (const { key } of present) {
    if (!schedules.some(({ id }) => id === key)) await queue.removeJobScheduler(key);
  }
  for (const schedule of schedules) {
    const { id, job, data } = schedule;
    const definition = jobs[job];
    if (definition === undefined) continue;
    const wanted =
      'everyMs' in schedule
        ? { every: schedule.everyMs }
        : { pattern: schedule.cron, tz: schedule.timeZone };
    const found = present.find(({ key }) => key === id);
    const fits =
      found !== undefined &&
      found.name === job &&
      found.every === wanted.every &&
      found.pattern === wanted.pattern &&
      found.tz === wanted.tz &&
      JSON.stringify(found.template?.data) === JSON.stringify(data) &&
      (found.next ?? 0) > Date.now() - graceMs;
    if (fits) continue;
    await queue.upsertJobScheduler(id, wanted, { name: job, data, opts: retryOptions(definition) });
  }
}
