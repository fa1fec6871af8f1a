import type { Metrics, Sampler } from '@shortstack/telemetry';
import type { WorkLog } from './jobs/work-log.ts';

/** Metrics of the pool of codes, and of when each job last ended well. */
export function observeJobs(options: {
  metrics: Metrics;
  codeBlocks: Sampler<number>;
  log: WorkLog;
}): void {
  const { metrics, codeBlocks, log } = options;
  metrics.observe('shortstack_code_pool_blocks', 'Blocks of ready codes', 'gauge', () => {
    const value = codeBlocks.latest();
    return value === undefined ? [] : [{ value }];
  });
  metrics.observe(
    'shortstack_job_last_success_timestamp_seconds',
    'When a job last ended well',
    'gauge',
    () => [...log.successes()].map(([job, at]) => ({ value: at / 1_000, attributes: { job } })),
  );
}
