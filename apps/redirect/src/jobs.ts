import { runProcess } from '@shortstack/server';
import { readJobsConfig } from './config.ts';
import { startJobs } from './start-jobs.ts';

runProcess({ start: (life) => startJobs(readJobsConfig(), life) });
