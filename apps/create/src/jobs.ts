import { runProcess } from '@shortstack/server';
import { readJobsConfig } from './config.ts';
import { startJobs } from './start-jobs.ts';

runProcess({
  async start(life) {
    await startJobs(readJobsConfig(), life);
  },
});
