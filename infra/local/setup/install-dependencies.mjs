import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missingDependencies, pinnedNode } from './missing-dependencies.mjs';
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
  const hasNode = existsSync(join(root, 'node_modules', nodePackage));
  if (hasNode && missingDependencies(root).length === 0) return;
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
