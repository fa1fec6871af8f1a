import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs `npm ci` unless what is installed is what `package-lock.json` asks for.
 *
 * @param {string} root the checkout
 */
export async function installDependencies(root) {
  const nodePackage = pinnedNode(root);
  if (!nodePackage) {
    throw new SetupError(
      `npm has no Node 26 for ${process.platform} on ${process.arch}: use Linux (x64, arm64) or macOS (arm64), or run the stack with Docker.`,
    );
  }
  if (existsSync(join(root, 'node_modules', nodePackage)) && isInstalled(root)) return;
  // npm itself under the Node that runs it now: `node` on the PATH is about to be deleted and made again.
  const npmCli = process.env.npm_execpath;
  const { code, output } = await withProgress(
    'Installing dependencies (npm ci, about a minute)',
    () =>
      npmCli
        ? runCommand(process.execPath, [npmCli, 'ci'], { cwd: root })
        : runCommand('npm', ['ci'], { cwd: root }),
  );
  if (code !== 0) throw new SetupError(explainFailure(output));
}

/**
 * The package that holds Node 26 for this platform. A checkout may be shared by several platforms, as by
 * a Mac and a container, so that what is installed may be for another one.
 *
 * @param {string} root
 */
function pinnedNode(root) {
  const manifest = readFileSync(join(root, 'packages/node-runtime/package.json'), 'utf8');
  return Object.keys(JSON.parse(manifest).optionalDependencies).find((name) =>
    name.endsWith(`${process.platform}-${process.arch}`),
  );
}

/**
 * Compares the lockfile with npm's own record of what it installed, so an installation by hand counts too.
 * A package that is optional may be missing: most of those are for other platforms.
 *
 * @param {string} root
 */
function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    if (path === '') return true;
    if (!found) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** @param {string} output */
function explainFailure(output) {
  if (/ENOSPC|no space left/i.test(output)) {
    return 'The disk is full: free about 1 GB where this checkout lies and run the command again.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network/i.test(output)) {
    return `npm can't reach its registry: check the network or \`npm config get registry\`, and run the command again.\n\n${lastLines(output)}`;
  }
  if (/EACCES|EPERM/.test(output)) {
    return `npm may not write in this checkout: run \`sudo chown -R "$(id -un)" .\` in it and try again.\n\n${lastLines(output)}`;
  }
  return `\`npm ci\` failed; it says:\n\n${lastLines(output)}`;
}

/** @param {string} output */
const lastLines = (output) => output.trimEnd().split('\n').slice(-15).join('\n');
