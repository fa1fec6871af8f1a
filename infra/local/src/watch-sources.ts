import { join, relative } from 'node:path';
import { watchTree } from './watch-tree.ts';

/** A burst of changes is over after this much quiet, */
const QUIET_MS = 100;
/** and is told of after this at the latest. */
const MAX_BURST_MS = 400;

/**
 * Calls `onChange` with the source files of apps and packages that have changed, as paths from the checkout: once for all that
 * an editor's save or a `git checkout` does in one go. Returns a function that ends it.
 */
export function watchSources(root: string, onChange: (files: string[]) => void): () => void {
  const changed = new Set<string>();
  let burstSince = 0;
  let timer: NodeJS.Timeout | undefined;

  function note(path: string): void {
    const file = relative(root, path);
    if (!isSource(file)) return;
    if (changed.size === 0) burstSince = Date.now();
    changed.add(file);
    clearTimeout(timer);
    const left = burstSince + MAX_BURST_MS - Date.now();
    timer = setTimeout(tell, Math.max(0, Math.min(QUIET_MS, left)));
  }

  function tell(): void {
    const files = [...changed];
    changed.clear();
    onChange(files);
  }

  const ends = ['apps', 'packages'].map((folder) =>
    watchTree(join(root, folder), { skips, onChange: note }),
  );
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

/** Hidden files are editors' own; `.#app.ts` is one. */
function skips(name: string): boolean {
  return name.startsWith('.') || ['node_modules', 'dist', 'test'].includes(name);
}

function isSource(file: string): boolean {
  return (
    /^(apps\/[^/]+\/src|packages\/[^/]+)\//.test(file) &&
    /\.(tsx?|lua|sql|json|css|svg)$/.test(file) &&
    !file.endsWith('.test.ts')
  );
}
