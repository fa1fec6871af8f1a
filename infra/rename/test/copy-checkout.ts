import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Identity, readIdentity } from '../src/identity.ts';

const checkout = resolve(import.meta.dirname, '../../..');

interface Outcome {
  code: number;
  output: string;
}

/** This checkout as it stands, changes that are not committed included, as a repository of its own with one commit. */
export async function copyCheckout() {
  const root = await mkdtemp(join(tmpdir(), 'renamed-'));
  const run = (program: string, args: readonly string[]) => execute(root, program, args);
  const commit = async (message: string) => {
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
    await run('git', ['add', '--all']);
    const { code, output } = await run('git', [...author, 'commit', '--quiet', '-m', message]);
    if (code !== 0) throw new Error(output);
  };
  const files = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  for (const path of execFileSync('git', files, { cwd: checkout, encoding: 'utf8' }).split('\0')) {
    if (path && existsSync(join(checkout, path))) await cp(join(checkout, path), join(root, path));
  }
  await execute(checkout, 'cp', ['-a', 'node_modules', root]);
  await run('git', ['init', '--quiet', '--initial-branch=main']);
  await commit('begin');
  return {
    root,
    run,
    commit,
    rename: ({ name, title }: Identity, ...options: string[]) =>
      run('npm', ['run', 'rename', '--', name, title, ...options]),
    hasCompose: (await run('docker', ['compose', 'version'])).code === 0,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** What the tree is called, and the name that its README gives as an example; in a fork that took this, the name backwards. */
export function otherIdentity(root: string): { from: Identity; to: Identity } {
  const from = readIdentity(root);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, name, title] = /npm run rename -- (\w+) "([^"]+)"/.exec(readme) ?? [];
  if (name && title && name !== from.name) return { from, to: { name, title } };
  const backwards = `x${from.name.split('').reverse().join('')}`.slice(0, 20);
  return { from, to: { name: backwards, title: `X${backwards.slice(1)} Two` } };
}

function execute(cwd: string, program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((done) => {
    // Without what npm and Vitest have set for this run. With a Docker that is nowhere, so that the tests run on native servers.
    const { NODE_ENV: _, ...env } = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^(npm_|VITEST|INIT_CWD)/i.test(key)),
    );
    execFile(
      program,
      args,
      { cwd, env: { ...env, SERVERS: 'native' }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
        done({ code, output: `${stdout}${stderr}` });
      },
    );
  });
}
