import { postgresFaults } from '../../src/faults/faults.ts';
import { openHouse } from '../../src/faults/open-house.ts';
import { testFaults } from '../../src/faults/test-faults.ts';
import { testNothingLost } from '../../src/faults/test-nothing-lost.ts';
import { goesOn } from '../../src/faults/traffic.ts';
import { outboxDrained } from '../../src/outbox-drained.ts';

const house = await openHouse('postgres');
const { stack } = house;
if (!stack.postgres) throw new Error('This needs a PostgreSQL of its own.');
const unavailable = '503 DATABASE_UNAVAILABLE';

testFaults({
  house,
  faults: postgresFaults(stack.postgres),
  // The first requests find out: a statement may take 2 s at redirect, 4 s at create.
  maxWaitMs: 5_000,
  settledAfterMs: 5_500,
  lastsMs: 8_000,
  table: {
    redirect: {
      'a known link': goesOn,
      'a link not in memory': unavailable,
      'a maxClicks link': unavailable,
      // Its owner is known from the session, and the link from memory.
      'a private link': goesOn,
    },
    create: {
      'a creation, by session': unavailable,
      'a creation, by key': unavailable,
      // The session says it.
      'who am I': goesOn,
      'who am I, no cookie': goesOn,
      'who am I, malformed': goesOn,
      'a sign-in': unavailable,
      'a registration': unavailable,
    },
    worker: { 'the operations page': goesOn },
  },
  async afterwards() {
    await outboxDrained(stack);
  },
});

testNothingLost(house);
