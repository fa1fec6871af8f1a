import { loadConfig } from '@shortstack/config';
import { migrate, type RolePasswords } from '@shortstack/db';
import { migrateConfig } from './migrate-config.ts';
import { passwordSettings } from './password-settings.ts';

try {
  const config = loadConfig(migrateConfig, process.env);
  await migrate({
    ownerUrl: config.DATABASE_OWNER_URL,
    passwords: Object.fromEntries(
      passwordSettings.map(([role, setting]) => [role, config[setting]]),
    ) as RolePasswords,
  });
  console.log('The database is up to date.');
} catch (error) {
  console.error(
    `The database was not migrated: ${error instanceof Error ? error.message : String(error)}`,
  );
  console.error('(The database of `npm start` needs no command: every start migrates it.)');
  process.exitCode = 1;
}
