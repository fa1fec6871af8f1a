import { until } from '@shortstack/testing';
import { everythingGoesOn } from '../../src/faults/everything-goes-on.ts';
import { redisFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';
import { redisCommand } from '../../src/redis-command.ts';

const house = await openHouse('jobs-create');
const { stack, visitors } = house;
const jobs = stack.redis['jobs-create'];
let slug = '';

testFaults({
  house,
  faults: redisFaults(jobs),
  table: everythingGoesOn,
  async meanwhile() {
    ({ slug } = await visitors.create());
  },
  async afterwards() {
    await until(() => hasMetadataJobs([slug]), {
      deadlineMs: 20_000,
      message: 'The link that was created meanwhile got no job',
    });
  },
});

testNothingLost(house);

/** Whether the metadata of each of these links is being read, or was. */
async function hasMetadataJobs(slugs: readonly string[]): Promise<boolean> {
  const links = await stack.sql<{ id: string }>('SELECT id FROM links WHERE slug = ANY($1)', [
    slugs,
  ]);
  const [, keys] = (await redisCommand(
    jobs.url,
    ...['SCAN', 0, 'MATCH', '*metadata-*', 'COUNT', 100_000],
  )) as [string, string[]];
  return links.every(({ id }) => keys.some((key) => key.includes(`metadata-${id}-`)));
}
