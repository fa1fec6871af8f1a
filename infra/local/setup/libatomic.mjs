import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * Whether the library that Node 26 is linked to on Linux is there.
 *
 * @param {string} root the checkout
 */
export async function libatomicIsThere(root) {
  if (process.platform !== 'linux') return true;
  const folders = ['/usr/lib', '/usr/lib64', '/lib64', ...multiarchFolders()];
  if (folders.some((folder) => existsSync(join(folder, 'libatomic.so.1')))) return true;
  // Elsewhere on unusual systems: what counts is whether the pinned Node starts.
  const node = join(root, 'node_modules/.bin/node');
  return existsSync(node) && (await runCommand(node, ['--version'])).code === 0;
}

function multiarchFolders() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  return folders
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join('/usr/lib', name));
}
