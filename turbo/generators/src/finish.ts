import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What is written from tables and schemas: with what is it written again, by where something changed. */
const generated: [string, string][] = [
  ['infra/services/', 'infra/redis/test/acl-files.test.ts'],
  ['infra/services/', 'infra/e2e/test/env-example.test.ts'],
  ['apps/create/src/routes/', 'infra/e2e/test/client-types.test.ts'],
];

/** Links new workspaces, formats what was written, and writes again what is made from it. Needs no network for packages that are installed. */
export function finish(root: string, written: readonly string[]): void {
  const run = (command: string, ...args: string[]) => runIn(root, command, ...args);
  if (written.some((path) => path.endsWith('package.json'))) {
    run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
  }
  const formatted = written.filter((path) => /\.(ts|json)$/.test(path));
  run('biome', 'check', '--write', '--log-level=error', ...formatted);
  const stale = generated.filter(([place]) => written.some((path) => path.startsWith(place)));
  if (stale.length > 0) run('vitest', 'run', ...stale.map(([, test]) => test), '--update');
}

/** Runs a command of this checkout to its end. Throws with what it said. */
export function runIn(directory: string, command: string, ...args: string[]): void {
  const bin = join(directory, 'node_modules/.bin', command);
  try {
    execFileSync(existsSync(bin) ? bin : command, args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}
