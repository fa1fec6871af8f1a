/** A program: one of redirect’s processes, which ends like by `kill -9` when it comes to a failpoint for the n-th time. */
import { runProcess } from '@shortstack/server';
import type { Failpoint } from '../src/clicks/failpoint.ts';
import { readHttpConfig, readJobsConfig } from '../src/config.ts';
import { startHttp } from '../src/start-http.ts';
import { startJobs } from '../src/start-jobs.ts';

const [kind, fatal, count] = process.argv.slice(2);
let left = Number(count);

const failpoint: Failpoint = (name) => {
  if (name !== fatal) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

runProcess({
  async start(life) {
    if (kind === 'http') await startHttp(readHttpConfig(), life, failpoint);
    else await startJobs(readJobsConfig(), life, failpoint);
  },
});
