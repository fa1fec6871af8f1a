import { ask, project } from './compose.ts';
import type { Site } from './site.ts';

/** Writes all sessions of this moment into the volume `backups` of the shared host; resolves with the file's name. */
export function backUpSessions(site: Site): Promise<string> {
  return ask([...shared(site), 'run', '--rm', '-T', 'backup-sessions']);
}

/**
 * Makes a backup the whole content of the session Redis. Sessions that began since are gone, and those that were ended since are back
 * until their TTL. Requests that need a session are answered 503 meanwhile.
 */
export async function restoreSessions(site: Site, file: string): Promise<void> {
  await ask([...shared(site), 'stop', 'redis-session']);
  await ask([...shared(site), 'run', '--rm', '-T', 'restore-sessions', file]);
  await ask([...shared(site), 'up', '--detach', '--wait', 'redis-session']);
}

function shared(site: Site): string[] {
  return project(site, 'shared');
}
