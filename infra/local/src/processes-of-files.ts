import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A member of the monorepo, as far as its package.json can be read just now. */
interface Workspace {
  /** From the checkout, such as `packages/redis`. */
  directory: string;
  name: string | undefined;
  dependencies: string[];
}

/**
 * Which of the processes run any of the files (paths from the checkout): a file of an app belongs to the processes of that app,
 * one of a package to those of every app that depends on the package, through other packages too. What a workspace
 * needs for its tests alone (`devDependencies`) doesn't count.
 */
export function processesOfFiles<Process extends { main?: string }>(
  root: string,
  files: readonly string[],
  processes: readonly Process[],
): Process[] {
  const workspaces = readWorkspaces(root);
  const changed = workspaces.filter((one) => files.some((file) => isIn(one, file)));
  const affected = withDependents(changed, workspaces);
  return processes.filter(({ main }) => {
    return main && [...affected].some((one) => isIn(one, relative(root, main)));
  });
}

function withDependents(changed: readonly Workspace[], all: readonly Workspace[]): Set<Workspace> {
  const affected = new Set(changed);
  // A set also visits what is added while it is visited.
  for (const { name } of affected) {
    for (const one of all) {
      if (name && one.dependencies.includes(name)) affected.add(one);
    }
  }
  return affected;
}

function isIn({ directory }: Workspace, file: string): boolean {
  return file.startsWith(`${directory}/`);
}

function readWorkspaces(root: string): Workspace[] {
  return globSync(['apps/*/package.json', 'packages/*/package.json'], { cwd: root }).map((file) => {
    const { name, dependencies = {} } = readManifest(join(root, file));
    return { directory: dirname(file), name, dependencies: Object.keys(dependencies) };
  });
}

/** Nothing from one that is being edited. */
function readManifest(file: string): { name?: string; dependencies?: Record<string, string> } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
