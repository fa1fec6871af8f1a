import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A little monorepo for one test: the apps `first`, which uses the package `shared`, and `second`, which uses
 * nothing. Their mains are copies of `stubs/service.ts`. It goes when the test ends.
 */
export async function makeStubCheckout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'shortstack-checkout-'));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const write = async (file: string, content: object | string) => {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(
      join(root, file),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  };
  await write('apps/first/package.json', {
    name: '@stub/first',
    type: 'module',
    dependencies: { '@stub/shared': '*' },
  });
  await write('apps/second/package.json', {
    name: '@stub/second',
    type: 'module',
    devDependencies: { '@stub/shared': '*' },
  });
  await write('packages/shared/package.json', {
    name: '@stub/shared',
    type: 'module',
    exports: './src/index.ts',
  });
  await write('packages/shared/src/index.ts', 'export const version: number = 1;\n');
  const service = join(import.meta.dirname, 'stubs/service.ts');
  await cp(service, join(root, 'apps/second/src/main.ts'), { recursive: true });
  await cp(service, join(root, 'apps/first/src/service.ts'), { recursive: true });
  await write(
    'apps/first/src/main.ts',
    "import { version } from '@stub/shared';\nimport './service.ts';\n\nconsole.log('version', version);\n",
  );
  await mkdir(join(root, 'node_modules/@stub'), { recursive: true });
  await symlink(join(root, 'packages/shared'), join(root, 'node_modules/@stub/shared'));
  return root;
}
