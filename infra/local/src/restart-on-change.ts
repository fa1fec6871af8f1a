import type { KeptUnit } from './keep-running.ts';
import { processesOfFiles } from './processes-of-files.ts';
import { say } from './say.ts';
import { watchSources } from './watch-sources.ts';

/**
 * Restarts the processes that a changed source file belongs to, and no other, and says so. `kept` is asked at
 * each change. A changed migration is only told of: one that is still being written must not be applied. `onSources` hears of all
 * changed files, for what is built from them and not run.
 * Returns a function that ends it.
 */
export function restartOnChange(
  root: string,
  kept: () => readonly KeptUnit[],
  onSources: (files: readonly string[]) => void,
): () => void {
  return watchSources(root, (files) => {
    onSources(files);
    const migrations = files.filter((file) => file.startsWith('packages/db/migrations/'));
    if (migrations.length > 0) {
      say(`${firstOf(migrations)} changed: start \`npm run dev\` anew to migrate the database`);
    }
    const sources = files.filter((file) => !migrations.includes(file));
    const units = kept().map(({ unit }) => unit);
    const affected = processesOfFiles(root, sources, units);
    if (affected.length === 0) return;
    const causes = sources.filter((file) => processesOfFiles(root, [file], affected).length > 0);
    say(`${affected.map(({ name }) => name).join(', ')}: restarting, ${firstOf(causes)} changed`);
    for (const one of kept()) {
      if (affected.includes(one.unit)) one.restart();
    }
  });
}

function firstOf([first, ...others]: readonly string[]): string {
  return others.length > 0 ? `${first} and ${others.length} more` : `${first}`;
}
