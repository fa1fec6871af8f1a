/** What one kind of job carries and how often it is tried. */
export interface JobDefinition<Data> {
  validate(data: unknown): Data;
  attempts: number;
  backoffMs: number;
}

/** The jobs of one queue by name. */
export type JobMap = Record<string, JobDefinition<unknown>>;

/** The contract between the producers and the workers of one queue. */
export interface QueueDefinition<Jobs extends JobMap> {
  name: string;
  jobs: Jobs;
}

export type JobName<Jobs extends JobMap> = keyof Jobs & string;

/** The data of one kind of job, derived from its `validate`. */
export type JobData<Jobs extends JobMap, Name extends JobName<Jobs>> = ReturnType<
  Jobs[Name]['validate']
>;

/**
 * Describes one kind of job. `validate` returns the data or throws; the worker calls it before the handler, and data
 * that it refuses goes to the dead letters at once. It should let unknown fields pass: during a rolling
 * restart, version N reads the jobs of version N+1.
 *
 * `attempts` (default 12) counts the first try. Retries wait a random time up to `backoffMs` (default 1,000), doubled for each
 * further one: the defaults bridge an outage of 17 minutes on average. Both are stored with a job when it is added.
 */
export function defineJob<Data>(job: {
  validate: (data: unknown) => Data;
  attempts?: number;
  backoffMs?: number;
}): JobDefinition<Data> {
  return { attempts: 12, backoffMs: 1_000, ...job };
}

/** Names a queue and its jobs. The name may not contain a colon. */
export function defineQueue<const Jobs extends JobMap>(queue: {
  name: string;
  jobs: Jobs;
}): QueueDefinition<Jobs> {
  return queue;
}
