import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { join, sep } from 'node:path';
import { StartError } from './start-error.ts';

export interface WatchTreeOptions {
  /** Names of files and directories, at any depth, that are none of our business. */
  skips: (name: string) => boolean;
  /** Called with each file that was written, touched, made, moved here or removed; perhaps more than once. */
  onChange: (file: string) => void;
}

/**
 * Watches the files below a directory, in directories that are made later too. Returns a function that ends it.
 *
 * Each directory has a watch of its own: on Linux the `recursive` one of node:fs (Node 26) goes deaf to a directory that is
 * removed and at once made again, which is what `git checkout` does.
 */
export function watchTree(root: string, { skips, onChange }: WatchTreeOptions): () => void {
  const watchers = new Map<string, FSWatcher>();

  function add(directory: string, onFile: (file: string) => void): void {
    try {
      // Before it is read, so that nothing is missed that is made meanwhile.
      watchers.set(directory, watchDirectory(directory, look));
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (skips(entry.name)) continue;
        if (entry.isDirectory()) add(path, onFile);
        else onFile(path);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      remove(directory); // Gone again.
    }
  }

  function remove(directory: string): void {
    for (const [path, watcher] of watchers) {
      if (path !== directory && !path.startsWith(directory + sep)) continue;
      watcher.close();
      watchers.delete(path);
    }
  }

  function look(event: string, directory: string, name: string): void {
    if (skips(name)) return;
    const path = join(directory, name);
    const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (event === 'rename') remove(path); // Whatever has this name now is another.
    if (!isDirectory) onChange(path);
    else if (event === 'rename') add(path, onChange);
  }

  add(root, () => {});
  return () => remove(root);
}

function watchDirectory(
  directory: string,
  onEvent: (event: string, directory: string, name: string) => void,
): FSWatcher {
  try {
    const watcher = watch(directory, (event, name) => {
      if (name !== null) onEvent(event, directory, name);
    });
    return watcher.on('error', () => watcher.close());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // inotify's limits, which would read like a full disk and too many open files.
    if (code !== 'ENOSPC' && code !== 'EMFILE') throw error;
    throw new StartError(
      `The system allows no more watches on files: raise fs.inotify.max_user_${code === 'ENOSPC' ? 'watches' : 'instances'} with sysctl, or end other programs that watch files, and start again.`,
    );
  }
}
