export { appendToOutbox, outboxChannel } from './append-to-outbox.ts';
export {
  asAvailabilityError,
  databaseErrorOf,
  isDatabaseUnavailable,
  isUniqueViolation,
} from './availability.ts';
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  type Db,
  type Queryable,
} from './database.ts';
export { type MakeAdminOptions, makeAdmin } from './make-admin.ts';
export { type MigrateOptions, migrate } from './migrate.ts';
export { postgresRoles, type RolePasswords, type ServiceRole } from './postgres-roles.ts';
export { readRuntimeSettings } from './read-runtime-settings.ts';
export * as schema from './schema/index.ts';
