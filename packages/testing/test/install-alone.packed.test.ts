import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestRedis } from '@shortstack/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageDirectory, packagesWithExample, readReadmeExample, run } from './readme-example.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const tsconfig = JSON.stringify({
  compilerOptions: {
    ...{ module: 'nodenext', target: 'esnext', strict: true, noEmit: true, skipLibCheck: true },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')] },
  },
  files: ['example.ts'],
});
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'shortstack-packed-'));
  const names = ['errors', ...packagesWithExample];
  const filters = names.map((name) => `--filter=@shortstack/${name}`);
  await run(['turbo', 'run', 'build', ...filters], { cwd: root, command: 'npx' });
  const folders = names.map(packageDirectory);
  await run(['pack', '--pack-destination', scratch, ...folders], { cwd: root, command: 'npm' });
}, 180_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

test.each(packagesWithExample)(
  '%s, packed, installs in an empty project, where its example has types and runs',
  async (name) => {
    const project = join(scratch, name);
    const { program, output } = await readReadmeExample(name);
    const { url } = await startTestRedis();
    const tarballs = (await ownDependencies(name)).map((each) => `../shortstack-${each}-0.1.0.tgz`);
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    await writeFile(join(project, 'example.ts'), program);
    await writeFile(join(project, 'tsconfig.json'), tsconfig);
    const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
    await run([...install, ...tarballs], { cwd: project, command: 'npm' });

    expect(await run(['example.ts'], { cwd: project, env: { REDIS_URL: url } })).toBe(output);
    await run([tsc, '-p', '.'], { cwd: project });
  },
);

/** The package and those of ours that it stands on. */
async function ownDependencies(name: string): Promise<string[]> {
  const { dependencies } = JSON.parse(
    await readFile(`${packageDirectory(name)}/package.json`, 'utf8'),
  );
  const own = Object.keys(dependencies).filter((each) => each.startsWith('@shortstack/'));
  const theirs = await Promise.all(
    own.map((each) => ownDependencies(each.slice('@shortstack/'.length))),
  );
  return [...new Set([name, ...theirs.flat()])];
}
