import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { RenameError } from './rename-error.ts';

export interface TrackedFile {
  /** From the checkout. */
  path: string;
  content: Buffer;
}

/** Every file that git tracks at `root`. Throws `RenameError` unless that is a git checkout with nothing uncommitted, new files included. */
export function trackedFiles(root: string): TrackedFile[] {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (!isTop(root, git)) {
    throw new RenameError(
      'This is no git checkout, so that nothing could be taken back: run `git init && git add -A && git commit -m "Begin"` first.',
    );
  }
  const changed = git('status', '--porcelain').trimEnd().split('\n').filter(Boolean);
  if (changed.length > 0) {
    throw new RenameError(
      `Commit or stash what is changed first (${changed.length} files, such as ${changed[0]?.slice(3)}): then \`git diff\` shows what the new name changed, and \`git restore .\` takes it back.`,
    );
  }
  return git('ls-files', '-z')
    .split('\0')
    .filter((path) => path !== '' && lstatSync(join(root, path)).isFile())
    .map((path) => ({ path, content: readFileSync(join(root, path)) }));
}

function isTop(root: string, git: (...args: string[]) => string): boolean {
  try {
    return realpathSync(git('rev-parse', '--show-toplevel').trim()) === realpathSync(root);
  } catch {
    return false;
  }
}
