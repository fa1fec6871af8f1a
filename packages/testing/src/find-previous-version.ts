import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface PreviousVersion {
  commit: string;
  /** Why it is this one, such as `tag v1.2.0`. */
  is: string;
}

/** Why there is none to be had. */
export interface NoPreviousVersion {
  missing: string;
}

const run = promisify(execFile);
const migrations = 'packages/db/migrations/*.sql';

/**
 * The version that this checkout is an upgrade from: PREVIOUS_REF of the environment; else the last tag `v*` before HEAD; else
 * where this branch left `main`; else, on `main` itself, the commit before the newest migration, so that the two differ in
 * more than words. A version from before the tree was renamed is none: its roles, cookies and database are others.
 *
 * @throws Error if PREVIOUS_REF names no commit.
 */
export async function findPreviousVersion(
  root: string,
): Promise<PreviousVersion | NoPreviousVersion> {
  const found = await findCandidate(root);
  if ('missing' in found) return found;
  const now = await readFile(join(root, 'package.json'), 'utf8').catch(() => undefined);
  const show = ['show', `${found.commit}:package.json`];
  const before = await run('git', show, { cwd: root, timeout: 10_000 }).catch(() => undefined);
  if (nameOf(now) === nameOf(before?.stdout)) return found;
  return { missing: `${found.is} has another name` };
}

function nameOf(manifest: string | undefined): string | undefined {
  return manifest && JSON.parse(manifest).name;
}

async function findCandidate(root: string): Promise<PreviousVersion | NoPreviousVersion> {
  /** What git answers; undefined where it fails or has nothing to say. */
  const git = async (...args: string[]): Promise<string | undefined> => {
    const answer = await run('git', args, { cwd: root, timeout: 10_000 }).catch(() => undefined);
    return answer?.stdout.trim() || undefined;
  };
  const commitOf = (ref: string) => git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);

  const top = await git('rev-parse', '--show-toplevel');
  if (top === undefined || (await realpath(top)) !== (await realpath(root))) {
    return { missing: 'this is no git checkout' };
  }
  const { PREVIOUS_REF } = process.env;
  if (PREVIOUS_REF) {
    const commit = await commitOf(PREVIOUS_REF);
    if (commit === undefined) throw new Error(`PREVIOUS_REF, ${PREVIOUS_REF}, names no commit.`);
    return { commit, is: PREVIOUS_REF };
  }
  const tag = await git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^');
  const tagged = tag && (await commitOf(tag));
  if (tagged) return { commit: tagged, is: `tag ${tag}` };

  const head = await commitOf('HEAD');
  for (const main of ['origin/main', 'main']) {
    const base = await git('merge-base', main, 'HEAD');
    if (base !== undefined && base !== head) {
      return { commit: base, is: `where this branch left ${main}` };
    }
  }
  const log = ['log', '--first-parent', '-1', '--format=%H', '--diff-filter=A'];
  const newest = await git(...log, '--', migrations);
  const before = newest && (await commitOf(`${newest}^`));
  if (before) return { commit: before, is: 'the commit before the newest migration' };
  return {
    missing: 'git knows nothing older (after a shallow clone: `git fetch --unshallow --tags`)',
  };
}
