import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { dataDirectoryOf } from '../setup/data-directory-of.mjs';
import { say } from './say.ts';
import { StartError } from './start-error.ts';

/**
 * Makes the directory that holds data, logs and secrets, and returns its path: `.data` in the checkout.
 * As root below a directory that others can't enter, it is one under `/var/tmp` named after the checkout,
 * because PostgreSQL refuses to run as root and its own user must get there. Says so then.
 */
export function makeDataDirectory(root: string): string {
  const { directory, closed } = dataDirectoryOf(root);
  if (process.getuid?.() !== 0) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }
  makeEnterable(directory);
  if (closed !== undefined) {
    assertOwn(directory);
    say(
      `Only root may enter ${closed}, and PostgreSQL does not run as root: programs and data go to ${directory}`,
    );
  }
  return directory;
}

/** 0711: others may pass through, and see nothing. */
function makeEnterable(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  if (lstatSync(directory).uid === 0) chmodSync(directory, 0o711);
}

/** Anybody may make a directory in `/var/tmp`: root must not put its secrets into another's. */
function assertOwn(directory: string): void {
  const found = lstatSync(directory);
  if (found.isDirectory() && found.uid === 0) return;
  throw new StartError(`${directory} is not root's own directory: remove it and start again.`);
}
