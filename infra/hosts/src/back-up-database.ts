import { ask, execIn, project } from './compose.ts';
import type { Site } from './site.ts';

const host = 'data';

/** Takes a base backup into the volume `backups` of the data host; resolves with its name. */
export function backUpDatabase(site: Site): Promise<string> {
  return execIn(site, host, 'postgres', ['bash', '/etc/postgres/backup.sh']);
}

/**
 * Takes the database back to a moment (a timestamp that PostgreSQL reads; default: the last one that was archived) since a base backup.
 * What was written after it is gone, and what needs PostgreSQL waits or is answered 503 meanwhile.
 */
export async function restoreDatabase(site: Site, base: string, moment = ''): Promise<void> {
  const compose = project(site, host);
  // A server that ends in good order archives the last of its log first.
  await ask([...compose, 'stop', 'postgres']);
  await ask([...compose, 'run', '--rm', '-T', 'restore', base, moment]);
  await ask([...compose, 'up', '--detach', '--wait', 'postgres']);
}
