import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Where the first of these programs is that PATH has; undefined if it has none of them.
 *
 * @param {string[]} programs in order of preference
 */
export function onPath(...programs) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return programs
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .find((file) => existsSync(file));
}
