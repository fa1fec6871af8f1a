/**
 * `npm run test:generators`: has one of each kind generated in a copy of this checkout, and runs there all that `npm run check` checks, the
 * tests that were generated, and those that watch over what is wired. Minutes; the copy is removed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const copy = mkdtempSync(join(tmpdir(), 'shortstack-generators-'));

/** One of each kind, of the services one with everything and three with as little as can be. */
const generations = [
  ['service', 'billing', 'Bills people.', 'yes', 'yes', 'yes', 'yes'],
  ['service', 'link-health', 'Looks after links.', 'yes', 'no', 'no', 'no'],
  ['service', 'night-shift', 'Works at night.', 'no', 'yes', 'yes', 'no'],
  ['service', 'clock', 'Strikes the hour.', 'no', 'yes', 'no', 'no'],
  ['package', 'money', 'Counts money.'],
  ['job', 'billing', 'send-invoices', '60'],
  ['job', 'worker', 'prune-things', '300'],
  ['route', 'billing', 'invoices'],
  ['route', 'create', 'health-report'],
  ['event', 'invoice.paid', 'An invoice was paid'],
];

/** What must be refused, in which words, with nothing written. */
const refused: [words: string, ...args: string[]][] = [
  ['is no name', 'service', 'Billing', 'Not in kebab-case.', 'yes', 'yes', 'yes', 'yes'],
  ['There is a workspace', 'service', 'worker', 'There is one.', 'yes', 'yes', 'yes', 'yes'],
  ['means something else here', 'service', 'api', 'A path of create.', 'yes', 'yes', 'yes', 'yes'],
  [
    'is a word of JavaScript',
    'service',
    'await',
    'No name of a variable.',
    'yes',
    'yes',
    'yes',
    'yes',
  ],
  ['without HTTP and without jobs', 'service', 'idle', 'Has no process.', 'no', 'no', 'no', 'no'],
  ['There is a workspace', 'package', 'cache', 'There is one.'],
  ['did not recognize "load"', 'job', 'load', 'in-no-queue', '0'],
  ['did not recognize "redirect"', 'route', 'redirect', 'in-no-api'],
  ['answers GET /api/leaderboard already', 'route', 'create', 'leaderboard'],
  ['is no event type', 'event', 'paid', 'No event type.'],
  ['There is link.created already', 'event', 'link.created', 'There is one.'],
];

const tests = [
  ...['apps/billing', 'apps/link-health', 'apps/night-shift', 'apps/clock', 'packages/money'],
  ...['apps/worker/test/prune-things', 'apps/worker/src', 'apps/create/test/health-report'],
  ...[
    'apps/create/test/docs',
    'apps/create/test/invoice-paid',
    'packages/contracts',
    'packages/db',
  ],
  ...['packages/testing/test/readme-examples', 'infra/services', 'infra/redis', 'infra/k8s'],
  ...['infra/local', 'infra/hosts', 'infra/observability', 'infra/e2e/test/env-example'],
  ...['infra/e2e/test/connection-budget', 'infra/e2e/test/client-types'],
];

const seconds = () => Math.round(performance.now() / 1_000);

/** Returns what it printed, of which all is shown, too: `turbo gen` refuses on standard error. */
function run(command: string, ...args: string[]): string {
  console.log(`\n── ${command} ${args.join(' ')} (${seconds()} s)`);
  const env = {
    ...process.env,
    PATH: `${join(copy, 'node_modules/.bin')}:${process.env.PATH}`,
    // As on a machine without Docker: the servers of the tests are native.
    DOCKER_HOST: 'tcp://127.0.0.1:9',
  };
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: copy,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.stdout.write(stdout + stderr);
  if (status !== 0) throw new Error(`${command} ended with ${status}.`);
  return stdout + stderr;
}

function git(directory: string, ...args: string[]): string[] {
  const text = execFileSync('git', args, { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 26 });
  return text.split(/[\0\n]/).filter((line) => line !== '');
}

/** By hard links where the system makes them: it is most of a gigabyte. */
function copyModules(modules: string): void {
  const paths = [join(root, modules), join(copy, modules)];
  if (spawnSync('cp', ['-al', ...paths], { stdio: 'ignore' }).status === 0) return;
  rmSync(join(copy, modules), { recursive: true, force: true });
  execFileSync('cp', ['-a', ...paths]);
}

function copyCheckout(): void {
  for (const file of git(root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z')) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(copy, file));
  }
  const nested = globSync('{apps,packages,infra}/*/node_modules', { cwd: root });
  for (const modules of ['node_modules', ...nested]) copyModules(modules);
  // These are written into, and must not be the same file.
  for (const name of ['.package-lock.json', '.cache', '.vite', '.vitest']) {
    rmSync(join(copy, 'node_modules', name), { recursive: true, force: true });
  }
  const lock = 'node_modules/.package-lock.json';
  cpSync(join(root, lock), join(copy, lock));
  git(copy, 'init', '--quiet');
  git(copy, 'add', '--all');
}

/** Who reaches whom, schemas and settings in Kubernetes; `kubectl` runs in a container. */
function renderManifests(): void {
  const config = join(copy, 'manifests.vitest.config.ts');
  writeFileSync(
    config,
    `import base from './vitest.config.ts';
export default {
  ...base,
  test: { ...base.test, include: ['infra/k8s/test/manifests.docker.test.ts'], exclude: [], globalSetup: [], hookTimeout: 120_000 },
};
`,
  );
  run('env', `DOCKER_HOST=${process.env.DOCKER_HOST ?? ''}`, 'vitest', 'run', '--config', config);
  rmSync(config);
}

/** Files that are not as they were copied. */
const changed = () =>
  git(copy, 'status', '--porcelain', '--untracked-files=all').filter(
    (line) => !line.startsWith('A  '),
  );

try {
  copyCheckout();
  for (const [words, kind = '', ...args] of refused) {
    const said = run('turbo', 'gen', kind, '--args', ...args);
    if (!said.includes(words)) throw new Error(`It did not say “${words}”.`);
    if (changed().length > 0) throw new Error(`It wrote all the same: ${changed().join(', ')}`);
  }
  for (const [kind = '', ...args] of generations) {
    const before = changed().length;
    run('turbo', 'gen', kind, '--args', ...args);
    if (changed().length === before) throw new Error('It wrote nothing.');
  }
  run('vitest', 'run', ...tests);
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0) {
    const files = ['docker-compose.yml', 'docker-compose.dev.yml'].flatMap((file) => [
      '--file',
      file,
    ]);
    run('docker', 'compose', ...files, 'config', '--quiet');
  } else console.log('No Docker Compose here: docker-compose.yml was NOT checked.');
  if (spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0) renderManifests();
  else console.log('No Docker answers here: the manifests were NOT rendered.');
  run('npm', 'run', '--silent', 'check');
  console.log(`\nAll that was generated is sound (${seconds()} s).`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
