import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@shortstack/testing';
import { Client } from 'pg';
import { drizzle, loadMigrator } from '../../src/drizzle.ts';
import { migrationsFolder, readJournal } from './read-migrations.ts';

/** A database as it is after migration `last`, and no later one. */
export async function olderDatabase(last: number): Promise<TestDatabase> {
  const database = await createTestDatabase({ migrated: false });
  const folder = await mkdtemp(join(tmpdir(), 'shortstack-migrations-'));
  const client = new Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await cp(migrationsFolder, folder, { recursive: true });
    const journal = await readJournal();
    journal.entries = journal.entries.filter(({ idx }) => idx <= last);
    await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify(journal));
    await loadMigrator().migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    await client.end();
    await rm(folder, { recursive: true });
  }
  return database;
}
