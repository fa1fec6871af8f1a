import { everythingGoesOn } from '../../src/faults/everything-goes-on.ts';
import { redisFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';

const house = await openHouse('cache');
const { create, redirect } = house.stack.services;

testFaults({
  house,
  faults: redisFaults(house.stack.redis.cache),
  breakers: { connection: 'cache', of: [...create, ...redirect] },
  table: everythingGoesOn,
});

testNothingLost(house);
