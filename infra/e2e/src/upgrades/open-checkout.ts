import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The files of a commit in a directory of their own, ready to run. */
export interface Checkout {
  readonly root: string;
  /** Removes them. */
  close(): Promise<void>;
}

const run = promisify(execFile);
const SCOPE = '@shortstack';

/**
 * Unpacks a commit of the repository at `root` into a temporary directory. Its dependencies are those installed at `root` where they
 * have all it asks for, in the very versions (a tenth of a second); else its own set-up installs them (about a minute).
 */
export async function openCheckout(root: string, commit: string): Promise<Checkout> {
  const directory = await mkdtemp(join(tmpdir(), 'shortstack-previous-'));
  const close = () => rm(directory, { recursive: true, force: true });
  try {
    const archive = join(directory, 'archive.tar');
    await run('git', ['archive', '--format=tar', `--output=${archive}`, commit], { cwd: root });
    await run('tar', ['-xf', archive, '-C', directory]);
    await rm(archive);
    if (await offersAll(root, directory)) await linkDependencies(root, directory);
    else await install(directory);
    return { root: directory, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface LockedPackage {
  version?: string;
  integrity?: string;
  /** Ours, found at `resolved`. */
  link?: boolean;
  resolved?: string;
}

async function lockedPackages(root: string): Promise<Record<string, LockedPackage>> {
  const lockfile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  return lockfile.packages;
}

async function offersAll(root: string, previous: string): Promise<boolean> {
  const [ours, theirs] = await Promise.all([lockedPackages(root), lockedPackages(previous)]);
  return Object.entries(theirs).every(([path, { version, integrity, link }]) => {
    if (!path.includes('node_modules/') || link) return true;
    // What a workspace has to itself is not linked.
    if (!path.startsWith('node_modules/')) return false;
    return ours[path]?.version === version && ours[path]?.integrity === integrity;
  });
}

/** Links, package by package: what is ours in `node_modules` leads to the sources of that version, all else to what is installed. */
async function linkDependencies(from: string, to: string): Promise<void> {
  const [installed, linked] = [join(from, 'node_modules'), join(to, 'node_modules')];
  await mkdir(join(linked, SCOPE), { recursive: true });
  for (const name of await readdir(installed)) {
    if (name !== SCOPE) await symlink(join(installed, name), join(linked, name));
  }
  for (const [path, { link, resolved }] of Object.entries(await lockedPackages(to))) {
    if (link && resolved) await symlink(join(to, resolved), join(to, path));
  }
}

async function install(root: string): Promise<void> {
  console.log('The previous version has other dependencies: installing them …');
  await run(process.execPath, ['infra/local/setup.mjs', 'test'], { cwd: root, timeout: 300_000 });
}
