import { createTestDatabase, until } from '@shortstack/testing';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createDatabase } from '../src/index.ts';

test('the expected wait for a connection grows with the queue and with its slowness, and is gone with it', async () => {
  const { ownerUrl } = await createTestDatabase();
  const database = createDatabase({
    url: ownerUrl,
    applicationName: 'pool-wait',
    maxConnections: 2,
    connectTimeoutMs: 20_000,
  });
  expect(database.expectedWaitMs()).toBe(0);
  const slow = () => database.run((db) => db.execute(sql`SELECT pg_sleep(0.1)`));
  const queries = Array.from({ length: 30 }, slow);
  // 28 wait, and two are served every 0.1 s: those at the end wait for 1.4 s.
  await until(() => database.expectedWaitMs() > 500);
  await Promise.all(queries);
  expect(database.expectedWaitMs()).toBe(0);
  await database.close();
});
