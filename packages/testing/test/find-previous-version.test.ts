import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findPreviousVersion } from '../src/index.ts';

const hasGit = spawnSync('git', ['--version']).status === 0;

/** A repository whose commits, named here, add a migration each or change nothing else than words. */
function repository(...commits: readonly ('migration' | 'words')[]) {
  const root = mkdtempSync(join(tmpdir(), 'shortstack-history-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const git = (...args: string[]) =>
    execFileSync('git', [...who, ...args], { cwd: root, stdio: 'pipe', encoding: 'utf8' }).trim();
  const commit = (what: 'migration' | 'words', index: number) => {
    const folder = join(root, 'packages/db/migrations');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, what === 'migration' ? `${index}.sql` : 'README.md'), `${index}`);
    git('add', '.');
    git('commit', '-m', what);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-b', 'main');
  return { root, git, commit, made: commits.map(commit) };
}

test.skipIf(!hasGit)('on main it is the commit before the newest migration', async () => {
  const { root, made } = repository('migration', 'words', 'migration', 'words');
  expect(await findPreviousVersion(root)).toMatchObject({ commit: made[1] });
});

test.skipIf(!hasGit)('on a branch it is where the branch left main', async () => {
  const { root, git, commit, made } = repository('migration', 'words');
  git('checkout', '-b', 'branch');
  commit('migration', 2);
  expect(await findPreviousVersion(root)).toMatchObject({ commit: made[1] });
});

test.skipIf(!hasGit)('a tag goes before, but for that of HEAD itself', async () => {
  const { root, git, made } = repository('migration', 'words', 'migration');
  git('tag', 'v1.0.0', made[0] ?? '');
  git('tag', 'v1.1.0');
  expect(await findPreviousVersion(root)).toEqual({ commit: made[0], is: 'tag v1.0.0' });
});

test.skipIf(!hasGit)('PREVIOUS_REF goes before all, and must name a commit', async () => {
  const { root, made } = repository('migration', 'words', 'migration');
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('PREVIOUS_REF', made[0]);
  expect(await findPreviousVersion(root)).toMatchObject({ commit: made[0] });
  vi.stubEnv('PREVIOUS_REF', 'v9');
  await expect(findPreviousVersion(root)).rejects.toThrow('v9, names no commit');
});

test.skipIf(!hasGit)('a version under another name is none', async () => {
  const { root, commit } = repository('migration', 'words');
  const rename = (name: string, index: number) => {
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name }));
    return commit('migration', index);
  };
  rename('before', 2);
  rename('after', 3);
  expect(await findPreviousVersion(root)).toEqual({
    missing: 'the commit before the newest migration has another name',
  });
  const same = rename('after', 4);
  rename('after', 5);
  expect(await findPreviousVersion(root)).toMatchObject({ commit: same });
});

test('without history it says why there is none', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'shortstack-history-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  expect(await findPreviousVersion(directory)).toEqual({ missing: 'this is no git checkout' });
  if (!hasGit) return;
  const { root, git } = repository('migration', 'words', 'words');
  git('clone', '--depth', '1', `file://${root}`, join(directory, 'clone'));
  expect(await findPreviousVersion(join(directory, 'clone'))).toEqual({
    missing: expect.stringContaining('--unshallow'),
  });
});
