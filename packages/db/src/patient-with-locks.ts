import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { databaseErrorOf } from './availability.ts';

/** Whoever needs the table after us waits behind us: well below the 4 s that a service's statement may take. */
const LOCK_MS = 1_000;
/** Longer than any transaction of a service may take. */
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 1_000;

/** A lock was not to be had, or others waited for us as we did for them. */
const passing = ['55P03', '40P01'];

/**
 * Runs `work`, one transaction on `client`, which waits 1 s at most for each lock. Where that is not enough it begins anew after a
 * random pause, so that others get through, and rejects with the last error after a minute.
 *
 * @see https://www.postgresql.org/docs/17/runtime-config-client.html#GUC-LOCK-TIMEOUT
 */
export async function patientWithLocks(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_MS}`);
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { code = '' } = databaseErrorOf(error);
      if (!passing.includes(code) || performance.now() > giveUpAt) throw error;
      await pause(Math.random() * LONGEST_PAUSE_MS);
    }
  }
}
