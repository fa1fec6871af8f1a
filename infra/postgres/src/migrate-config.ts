import { defineConfig, setting } from '@shortstack/config';
import { postgresRoles } from '@shortstack/db';
import { type PasswordSetting, passwordSettings } from './password-settings.ts';

const passwords = Object.fromEntries(
  passwordSettings.map(([role, name]) => [
    name,
    setting.secret({
      description: `Password that the role ${postgresRoles[role]} is to have`,
      minLength: 12,
    }),
  ]),
) as Record<PasswordSetting, ReturnType<typeof setting.secret>>;

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
  ...passwords,
});
