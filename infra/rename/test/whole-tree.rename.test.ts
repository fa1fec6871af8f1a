import { afterAll, expect, test } from 'vitest';
import { copyCheckout, otherIdentity } from './copy-checkout.ts';

const copy = await copyCheckout();
afterAll(() => copy.remove());
const { from, to } = otherIdentity(copy.root);

const minutes = 60_000;

test('a tree with changes that are not committed is left alone', async () => {
  await copy.run('touch', ['new-file']);
  expect((await copy.rename(to)).output).toContain('new-file');
  await copy.run('rm', ['new-file']);
});

test('the dry run tells of each file and changes none', async () => {
  const { code, output } = await copy.rename(to, '--dry-run');
  expect(code, output).toBe(0);
  expect(output).toMatch(/^ +\d+ {2}package-lock\.json$/m);
  expect((await copy.run('git', ['status', '--porcelain'])).output).toBe('');
});

test('the tree gets another name', async () => {
  const { code, output } = await copy.rename(to);
  expect(code, output).toBe(0);
  await copy.commit(`rename to ${to.name}`);
});

test('no file has the old name, in its content or in its own name', async () => {
  const found = await copy.run('git', ['grep', '--ignore-case', '--text', from.name]);
  expect(found).toEqual({ code: 1, output: '' });
  const { output: names } = await copy.run('git', ['ls-files']);
  expect(names.toLowerCase()).not.toContain(from.name);
});

test('npm finds lockfile and dependencies in order', async () => {
  const { code, output } = await copy.run('npm', [
    'ci',
    '--dry-run',
    '--ignore-scripts',
    '--offline',
  ]);
  expect(code, output).toBe(0);
  // Prints and installs nothing where all is there.
  expect(await copy.run('node', ['infra/local/setup.mjs', 'test'])).toEqual({
    code: 0,
    output: '',
  });
});

test('a second time is refused', async () => {
  const { code, output } = await copy.rename(to);
  expect(code).toBe(1);
  expect(output).toContain(`called ${to.name} (“${to.title}”) already`);
});

test('formatting, lint, types, imports and unused code are checked', {
  timeout: 8 * minutes,
}, async () => {
  const { code, output } = await copy.run('npm', ['run', 'check']);
  expect(code, output).toBe(0);
});

test('what a name can break works', { timeout: 8 * minutes }, async () => {
  const { code, output } = await copy.run('npm', ['test', '--', ...sensitive]);
  expect(code, output).toBe(0);
});

test.skipIf(!copy.hasCompose)('Compose reads its files', async () => {
  const files = ['docker-compose.yml', 'docker-compose.dev.yml'].flatMap((file) => ['-f', file]);
  const { code, output } = await copy.run('docker', ['compose', ...files, 'config', '--quiet']);
  expect(code, output).toBe(0);
});

/** What is generated, what is written down in two places, and each service with its servers. */
const sensitive = [
  'infra/e2e/test/env-example',
  'infra/e2e/test/redis-users',
  'infra/e2e/test/sign-in-once.test.ts',
  'infra/local/test/run-stack',
  'infra/observability',
  'infra/redis',
  'packages/contracts',
  'packages/server/test/problem-documents',
  'packages/slugs',
  'packages/telemetry/src/create-metrics',
  'packages/testing/test/readme-examples',
  'apps/create/test/auth',
  'apps/redirect/test/protected-links',
  'apps/worker/test/operations',
];
