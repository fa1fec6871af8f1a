import { openServers, type Servers } from '@shortstack/servers';
import { inject } from 'vitest';
import { closeAfterFile } from './close-after-file.ts';
import './provided.ts';

let opened: Promise<Servers> | undefined;

/** What the current test file starts servers with: the backend of this run. They are stopped when the file ends. */
export function runServers(): Promise<Servers> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Servers> {
  const servers = await openServers({ backend: inject('servers').backend });
  closeAfterFile(() => {
    opened = undefined;
    return servers.close();
  });
  return servers;
}
