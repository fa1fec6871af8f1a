import { loadConfig } from '@shortstack/config';
import { migrate } from '@shortstack/db';
import { migrateConfig } from './migrate-config.ts';

try {
  const config = loadConfig(migrateConfig, process.env);
  await migrate({
    ownerUrl: config.DATABASE_OWNER_URL,
    passwords: {
      create: config.DATABASE_PASSWORD_CREATE,
      redirect: config.DATABASE_PASSWORD_REDIRECT,
      redirectJobs: config.DATABASE_PASSWORD_REDIRECT_JOBS,
      worker: config.DATABASE_PASSWORD_WORKER,
    },
  });
  console.log('The database is up to date.');
} catch (error) {
  console.error(
    `The database was not migrated: ${error instanceof Error ? error.message : String(error)}`,
  );
  console.error('(The database of `npm start` needs no command: every start migrates it.)');
  process.exitCode = 1;
}
