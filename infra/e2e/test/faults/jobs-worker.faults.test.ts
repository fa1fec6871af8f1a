import { until } from '@shortstack/testing';
import { everythingGoesOn } from '../../src/faults/everything-goes-on.ts';
import { redisFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';
import { readMetric } from '../../src/read-metric.ts';

const house = await openHouse('jobs-worker');
const { stack } = house;
const [workerJobs] = stack.services['worker-jobs'];

testFaults({
  house,
  faults: redisFaults(stack.redis['jobs-worker']),
  table: everythingGoesOn,
  async afterwards() {
    const backAt = Date.now() / 1_000;
    await until(async () => (await lastSweep()) > backAt, {
      deadlineMs: 20_000,
      message: 'The scheduled jobs did not go on',
    });
  },
});

testNothingLost(house);

/** The most frequent of the scheduled jobs; seconds since 1970. */
function lastSweep(): Promise<number> {
  return readMetric(
    workerJobs?.internalUrl ?? '',
    'shortstack_job_last_success_timestamp_seconds',
    { job: 'sweep-registry' },
  );
}
