import type { Queryable } from './database.ts';
import { runtimeSettings } from './schema/index.ts';

/** The runtime settings as they are stored; null when none was ever changed. One row. Rejects with the driver's error. */
export async function readRuntimeSettings(db: Pick<Queryable, 'select'>): Promise<unknown> {
  const [row] = await db.select({ settings: runtimeSettings.settings }).from(runtimeSettings);
  return row?.settings ?? null;
}
