import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Ends the migration that drizzle-kit has just made with what the service's role may do to its table. */
export function addMigrationGrants(db: string, snake: string): void {
  const folder = join(db, 'migrations');
  const file = readdirSync(folder)
    .filter((name) => new RegExp(`^\\d+_${snake}\\.sql$`).test(name))
    .toSorted()
    .at(-1);
  if (file === undefined) throw new Error(`drizzle-kit has made no migration ${snake}.`);
  appendFileSync(
    join(folder, file),
    `--> statement-breakpoint\nGRANT SELECT, INSERT, UPDATE, DELETE ON ${snake}_greetings TO shortstack_${snake};\n`,
  );
}
