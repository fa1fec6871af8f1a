import { migrate, type RolePasswords } from '@shortstack/db';
import { Client } from 'pg';

export interface PrepareDatabaseOptions {
  /** May create databases. */
  superuserUrl: string;
  /** Its database, `shortstack`, is made if absent. */
  ownerUrl: string;
  passwords: RolePasswords;
}

const DUPLICATE_DATABASE = '42P04';

/** Makes the database if it is not there, and brings its schema and roles to this version. */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<void> {
  const client = new Client({
    connectionString: options.superuserUrl,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await client.query('CREATE DATABASE shortstack');
  } catch (error) {
    if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error;
  } finally {
    await client.end();
  }
  await migrate({ ownerUrl: options.ownerUrl, passwords: options.passwords });
}
