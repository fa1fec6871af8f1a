import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { say } from './say.ts';
import { StartError } from './start-error.ts';

/**
 * Makes the directory that holds data, logs and secrets, and returns its path: `.data` in the checkout.
 * As root below a directory that others can't enter, it is one under `/var/tmp` named after the checkout,
 * because PostgreSQL refuses to run as root and its own user must get there. Says so then.
 */
export function makeDataDirectory(root: string): string {
  if (process.getuid?.() !== 0) {
    const directory = join(root, '.data');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }
  const closed = closedDirectory(root);
  if (!closed) {
    const directory = join(root, '.data');
    makeEnterable(directory);
    return directory;
  }
  const mark = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const directory = join('/var/tmp', `shortstack-${basename(root)}-${mark}`);
  makeEnterable(directory);
  assertOwn(directory);
  say(
    `Only root may enter ${closed}, and PostgreSQL does not run as root: programs and data go to ${directory}`,
  );
  return directory;
}

/** The outermost directory on the way to `path` that only its owner or group may enter. */
function closedDirectory(path: string): string | undefined {
  const above = path === dirname(path) ? undefined : closedDirectory(dirname(path));
  return above ?? (statSync(path).mode & 0o001 ? undefined : path);
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
