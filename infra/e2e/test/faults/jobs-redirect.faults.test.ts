import { until } from '@shortstack/testing';
import { everythingGoesOn } from '../../src/faults/everything-goes-on.ts';
import { redisFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';

const house = await openHouse('jobs-redirect');
const { stack } = house;

testFaults({
  house,
  faults: redisFaults(stack.redis['jobs-redirect']),
  // Batches go one after the other, and the third that times out opens it.
  breakers: { connection: 'jobs', of: stack.services.redirect, withinMs: 2_000 },
  settledAfterMs: 2_000,
  table: everythingGoesOn,
  async meanwhile() {
    // Through the spool.
    const [row] = await stack.sql<{ now: Date }>('SELECT now()');
    const counted = async () =>
      (await stack.sql('SELECT FROM clicks WHERE clicked_at > $1', [row?.now])).length > 0;
    await until(counted, { deadlineMs: 10_000, message: 'No click of this time was counted' });
  },
});

testNothingLost(house);
