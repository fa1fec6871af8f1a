import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Identity } from './identity.ts';
import type { Change } from './plan-rename.ts';
import { rewrite } from './rewrite.ts';
import { sortDependencies } from './sort-dependencies.ts';

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
  const scope = ({ name }: Identity) => join(root, 'node_modules', `@${name}`);
  rmSync(scope(to), { recursive: true, force: true });
  if (existsSync(scope(from))) renameSync(scope(from), scope(to));
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return;
  writeFileSync(record, sortDependencies(record, rewrite(readFileSync(record, 'utf8'), from, to)));
}
