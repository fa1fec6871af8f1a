import { runCommand } from '../setup/run-command.mjs';

/** The user that PostgreSQL runs as when this is root; undefined if it isn't, or there is no such user. */
export async function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    if ((await runCommand('id', ['-u', name])).code === 0) return name;
  }
  return undefined;
}
