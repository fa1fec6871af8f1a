import { defineConfig, setting } from '@shortstack/config';

const password = (service: string) =>
  setting.secret({ description: `Password that ${service}’s role is to have`, minLength: 12 });

/** What `npm run db:make-admin` reads from the environment. */
export const ownerSettings = {
  DATABASE_OWNER_URL: setting.url({
    description: 'PostgreSQL, as a role that may create roles, schemas and tables',
    protocols: ['postgres', 'postgresql'],
  }),
};

/** What `npm run db:migrate` reads from the environment. */
export const migrateConfig = defineConfig({
  ...ownerSettings,
  DATABASE_PASSWORD_CREATE: password('create'),
  DATABASE_PASSWORD_REDIRECT: password('redirect'),
  DATABASE_PASSWORD_REDIRECT_JOBS: password('redirect-jobs'),
  DATABASE_PASSWORD_WORKER: password('worker'),
});
