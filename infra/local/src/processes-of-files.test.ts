import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processes } from '../../services/src/services.ts';
import { processesOfFiles } from './processes-of-files.ts';
import { openSecrets } from './secrets.ts';
import { stack } from './stack.ts';

const root = resolve(import.meta.dirname, '../../..');
const create = ['create', 'create-jobs'];
const redirect = ['redirect', 'redirect-jobs'];
const worker = ['worker', 'worker-jobs'];

/** Of the stack and the package.json files of this very repository. */
function namesOfProcesses(...files: string[]): string[] {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'shortstack-processes-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  const secrets = openSecrets(join(dataDirectory, 'secrets.json'));
  const { postgres, redis, services } = stack({ root, dataDirectory, portOffset: 0, secrets });
  const units = [...services, ...redis, ...postgres];
  return processesOfFiles(root, files, units).map(({ name }) => name);
}

test.each<[string, string, string[]]>([
  ['an app', 'apps/create/src/app.ts', create],
  ['another app', 'apps/redirect/src/routes/follow-link.ts', redirect],
  [
    'a package that every app uses',
    'packages/redis/src/index.ts',
    processes.map(({ name }) => name),
  ],
  ['a package that some apps use', 'packages/cache/src/index.ts', [...create, ...redirect]],
  ['a script of such a package', 'packages/analytics/lua/set-scores.lua', [...create, ...redirect]],
  [
    'a package that is only used through others',
    'packages/errors/src/index.ts',
    processes.map(({ name }) => name),
  ],
  ['a package for tests', 'packages/testing/src/until.ts', []],
  ['a package for this supervisor', 'packages/servers/src/index.ts', []],
  ['an app without a process', 'apps/load/src/bench/main.ts', []],
  ['no workspace at all', 'docs/architecture.md', []],
])('a file of %s belongs to the processes that run it', (_, file, expected) => {
  expect(namesOfProcesses(file)).toEqual(expected);
});

test('several files belong to the processes of each, once', () => {
  expect(
    namesOfProcesses(
      'apps/worker/src/app.ts',
      'packages/cache/src/index.ts',
      'apps/create/src/app.ts',
    ),
  ).toEqual([...create, ...redirect, ...worker]);
});
