import { randomBytes } from 'node:crypto';
import type { ServiceRole } from '@shortstack/db';
import { inject } from 'vitest';
import { closeAfterFile } from './close-after-file.ts';
import { rolePasswords } from './role-passwords.ts';
import './provided.ts';

export interface TestDatabaseOptions {
  /** Default true. False gives an empty database, for tests of the migrations themselves. */
  migrated?: boolean;
}

export interface TestDatabase {
  /** As the superuser. */
  readonly ownerUrl: string;
  /** As one of the services' roles, with that role's grants. */
  urlFor(role: ServiceRole): string;
  /** Disconnects whoever is connected and drops it. Happens by itself when the test file ends. */
  close(): Promise<void>;
}

/**
 * Makes a database of the caller's own, on the one PostgreSQL of this test run, with all migrations
 * applied and all tables empty (about 50 ms). Roles and their passwords belong to the whole server and are
 * shared by all test databases.
 */
export async function createTestDatabase({
  migrated = true,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { url, template, roles } = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await query(
    url,
    `CREATE DATABASE ${name} TEMPLATE ${migrated ? template : 'template0'} STRATEGY file_copy`,
  );
  const close = () => query(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  closeAfterFile(close);

  const ownerUrl = Object.assign(new URL(url), { pathname: name }).href;
  return {
    ownerUrl,
    urlFor(role) {
      const login = { username: roles[role], password: rolePasswords[role] };
      return Object.assign(new URL(ownerUrl), login).href;
    },
    close,
  };
}

async function query(connectionString: string, statement: string): Promise<void> {
  // Most test files need no database and should not load its driver.
  const { Client } = await import('pg');
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
