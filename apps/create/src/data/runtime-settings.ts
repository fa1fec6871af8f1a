import {
  parseRuntimeSettings,
  type RuntimeSettings,
  type UpdateRuntimeSettingsBody,
} from '@shortstack/contracts';
import { readRuntimeSettings } from '@shortstack/db';
import type { GuardedDatabase } from './guarded-database.ts';

export async function loadRuntimeSettings(database: GuardedDatabase): Promise<RuntimeSettings> {
  return parseRuntimeSettings(await database.run(readRuntimeSettings));
}

/** Changes the given settings and leaves the others alone; two administrators at once lose nothing. */
export async function updateRuntimeSettings(
  database: GuardedDatabase,
  accountId: string,
  changes: UpdateRuntimeSettingsBody,
): Promise<RuntimeSettings> {
  const [row] = await database.query<{ settings: unknown }>({
    name: 'update-runtime-settings',
    text: `INSERT INTO runtime_settings (settings, updated_by) VALUES ($1, $2)
      ON CONFLICT ("only") DO UPDATE SET settings = runtime_settings.settings || excluded.settings,
        updated_at = now(), updated_by = excluded.updated_by
      RETURNING settings`,
    values: [JSON.stringify(changes), accountId],
  });
  return parseRuntimeSettings(row?.settings);
}
