import { checkIdentity } from './check-identity.ts';
import type { Identity } from './identity.ts';
import { RenameError } from './rename-error.ts';
import { rewrite, traces } from './rewrite.ts';
import { sortDependencies } from './sort-dependencies.ts';
import type { TrackedFile } from './tracked-files.ts';

export interface Change {
  path: string;
  /** Where it goes; `path` if it keeps its name. */
  newPath: string;
  text: string;
  /** How many of its lines name the old name. */
  lines: number;
}

/** The command in the documentation gives an example, which is no use of that name. */
const EXAMPLE = /npm run rename -- \w+ "[^"]+"/g;

/**
 * What renaming changes, decided before anything is written. Throws `RenameError` if the new identity can't be used, is the present
 * one, occurs in the tree already (it could never be told apart again), or would leave a trace of the old one.
 */
export function planRename(
  files: readonly TrackedFile[],
  from: Identity,
  to: Identity,
): readonly Change[] {
  checkIdentity(to);
  if (to.name === from.name) {
    throw new RenameError(`The tree is called ${from.name} (“${from.title}”) already.`);
  }
  if (traces(`${to.name} ${to.title}`, from.name).length > 0) {
    throw new RenameError(`The new name must not contain the present one, ${from.name}.`);
  }
  requireUnused(files, to);

  const changes: Change[] = [];
  const leftIn: string[] = [];
  for (const { path, content } of files) {
    const newPath = rewrite(path, from, to);
    const lines = traces(content.toString('latin1'), from.name).length;
    if (lines === 0 && newPath === path && !content.includes(from.title)) continue;
    const text = sortDependencies(newPath, rewrite(content.toString('utf8'), from, to));
    if (isBinary(content) || traces(`${newPath}\n${text}`, from.name).length > 0) leftIn.push(path);
    changes.push({ path, newPath, text, lines });
  }
  if (leftIn.length > 0) {
    throw new RenameError(
      `The present name is written here in a way that can't be changed (in a binary file, or in odd capitals): put that right first: ${leftIn.join(', ')}`,
    );
  }
  return changes;
}

function requireUnused(files: readonly TrackedFile[], { name, title }: Identity): void {
  const used = files.filter(({ path, content }) => {
    const text = `${path}\n${content.toString('utf8').replace(EXAMPLE, '')}`;
    return traces(text, name).length > 0 || text.includes(title);
  });
  if (used.length === 0) return;
  const places = used.slice(0, 3).map(({ path }) => path);
  throw new RenameError(
    `"${name}" or "${title}" occurs in ${used.length} files already (${places.join(', ')}${used.length > 3 ? ', …' : ''}), where it means something else: choose another.`,
  );
}

/** As git decides it. */
function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}
