import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { drizzle, loadMigrator } from './drizzle.ts';
import { patientWithLocks } from './patient-with-locks.ts';
import { ensureRoles, type RolePasswords } from './postgres-roles.ts';

export interface MigrateOptions {
  /** A role that may create roles, schemas and tables in this database. */
  ownerUrl: string;
  /** The password that each service's role is to have. */
  passwords: RolePasswords;
}

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));

/** "shor" in ASCII: the advisory lock that lets one migration run at a time. */
const migrationLock = 0x73686f72;

/**
 * Brings the database to this version: roles, then each migration that it has not seen.
 * Safe to run twice, by two at once (the second waits), and while services work: it waits a second at most for a lock, behind
 * which all others would wait, and tries again for a minute. A migration that fails leaves the database as it was before that run.
 */
export async function migrate({ ownerUrl, passwords }: MigrateOptions): Promise<void> {
  const client = new Client({
    connectionString: ownerUrl,
    connectionTimeoutMillis: 10_000,
    application_name: 'migrate',
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await ensureRoles(client, passwords);
    await patientWithLocks(client, () =>
      loadMigrator().migrate(drizzle(client), { migrationsFolder }),
    );
  } finally {
    await client.end();
  }
}
