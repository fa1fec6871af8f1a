import { defineConfig, loadConfig, setting } from '@shortstack/config';
import { migrate } from '@shortstack/db';

const password = (service: string) =>
  setting.secret({ description: `Password that ${service}’s role is to have`, minLength: 12 });

/** What `npm run db:migrate` reads from the environment. */
const migrateConfig = defineConfig({
  DATABASE_OWNER_URL: setting.url({
    description: 'PostgreSQL, as a role that may create roles, schemas and tables',
    protocols: ['postgres', 'postgresql'],
  }),
  DATABASE_PASSWORD_CREATE: password('create'),
  DATABASE_PASSWORD_REDIRECT: password('redirect'),
  DATABASE_PASSWORD_REDIRECT_JOBS: password('redirect-jobs'),
  DATABASE_PASSWORD_WORKER: password('worker'),
});

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
  console.error(`The database was not migrated: ${error instanceof Error ? error.message : error}`);
  console.error('(The database of `npm start` needs no command: every start migrates it.)');
  process.exitCode = 1;
}
