import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Identity } from './identity.ts';
import type { Change } from './plan-rename.ts';

/** Writes the changes, lets `node_modules` know the packages by their new names, and formats what the name moved. */
export function applyRename(
  root: string,
  changes: readonly Change[],
  from: Identity,
  to: Identity,
): void {
  for (const { path, newPath, text } of changes) {
    const file = join(root, newPath);
    if (newPath !== path) {
      mkdirSync(dirname(file), { recursive: true });
      renameSync(join(root, path), file);
    }
    writeFileSync(file, text);
  }
  moveLinks(root, from, to);
  // The order of imports and the length of lines depend on the scope.
  execFileSync(
    join(root, 'node_modules/.bin/biome'),
    ['check', '--write', '--linter-enabled=false', '--reporter=summary', '.'],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

/** What `npm ci` would do in a minute: the links in a scope are relative, so the folder can change its name. */
function moveLinks(root: string, from: Identity, to: Identity): void {
  const modules = join(root, 'node_modules');
  rmSync(join(modules, `@${to.name}`), { recursive: true, force: true });
  renameSync(join(modules, `@${from.name}`), join(modules, `@${to.name}`));
  // npm's record of what it installed; without it npm looks.
  rmSync(join(modules, '.package-lock.json'), { force: true });
}
