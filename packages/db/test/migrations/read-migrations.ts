import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface JournalEntry {
  idx: number;
  /** When it was made: the one thing by which a database knows which it has seen. */
  when: number;
  /** The name of its file. */
  tag: string;
}

export async function readJournal(): Promise<{ entries: JournalEntry[] }> {
  return JSON.parse(await readFile(`${migrationsFolder}/meta/_journal.json`, 'utf8'));
}

export function readMigration(tag: string): Promise<string> {
  return readFile(`${migrationsFolder}/${tag}.sql`, 'utf8');
}
