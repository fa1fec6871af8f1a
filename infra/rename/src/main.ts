import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { applyRename } from './apply-rename.ts';
import { readIdentity } from './identity.ts';
import { planRename } from './plan-rename.ts';
import { RenameError } from './rename-error.ts';
import { trackedFiles } from './tracked-files.ts';

const usage = `npm run rename -- acme "Acme Links"             name and title
npm run rename -- acme "Acme Links" --dry-run   what that would change`;

const root = resolve(import.meta.dirname, '../../..');

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false } },
  });
  const [name, title] = positionals;
  if (!name || !title || positionals.length > 2) throw new RenameError(usage);

  const from = readIdentity(root);
  const to = { name, title };
  const changes = planRename(trackedFiles(root), from, to);
  const lines = changes.reduce((sum, change) => sum + change.lines, 0);
  if (values['dry-run']) {
    for (const change of changes) console.log(describe(change));
    console.log(`\n${lines} lines in ${changes.length} files would change. Nothing was changed.`);
  } else {
    applyRename(root, changes, from, to);
    console.log(`${from.title} is ${title} now: ${lines} lines in ${changes.length} files.\n`);
    for (const step of nextSteps()) console.log(`- ${step}`);
  }
} catch (error) {
  const isUsual =
    error instanceof RenameError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(isUsual ? `\n${(error as Error).message}\n` : error);
  process.exitCode = 1;
}

function describe({ path, newPath, lines }: ReturnType<typeof planRename>[number]): string {
  const moved = newPath === path ? '' : ` → ${newPath}`;
  return `${String(lines).padStart(5)}  ${path}${moved}`;
}

function nextSteps(): string[] {
  return [
    'Look at `git diff`, run `npm run check` and `npm test`, and commit.',
    ...(existsSync(join(root, '.data'))
      ? ['Remove `.data`: its database, roles and sessions have the old name.']
      : []),
    'Pictures in the documentation still show the old name: make them anew.',
  ];
}
