import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Where the stack of a checkout has its data, logs and secrets: `.data` in it; as root below a directory that others can't enter
 * (`closed`), one under `/var/tmp` named after the checkout.
 *
 * @param {string} root the checkout
 * @returns {{ directory: string, closed?: string }}
 */
export function dataDirectoryOf(root) {
  const closed = process.getuid?.() === 0 ? closedDirectory(root) : undefined;
  if (closed === undefined) return { directory: join(root, '.data') };
  const mark = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return { directory: join('/var/tmp', `shortstack-${basename(root)}-${mark}`), closed };
}

/**
 * The outermost directory on the way to `path` that only its owner or group may enter.
 *
 * @param {string} path
 * @returns {string | undefined}
 */
function closedDirectory(path) {
  const above = path === dirname(path) ? undefined : closedDirectory(dirname(path));
  return above ?? (statSync(path).mode & 0o001 ? undefined : path);
}
