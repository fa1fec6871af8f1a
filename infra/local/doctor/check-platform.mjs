import { release } from 'node:os';
import { nodeIsTooOld } from '../setup/node-version.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { note, wrong } from './finding.mjs';

/**
 * The system, the Node that npm runs under, and npm.
 *
 * @param {string} root
 */
export async function checkPlatform(root) {
  const findings = [];
  if (process.platform === 'win32') {
    findings.push(
      wrong('This is Windows itself.', 'Use WSL 2 with a checkout on its own disk, or Docker.'),
    );
  }
  if (/microsoft/i.test(release()) && /^\/mnt\/\w\//.test(root)) {
    findings.push(
      note(
        "The checkout lies on Windows' disk, where WSL is slow and tells of no changes.",
        'Clone it again below your Linux home directory.',
      ),
    );
  }
  const tooOld = nodeIsTooOld();
  if (tooOld) {
    findings.push(
      wrong(
        `Node is ${process.version} (${process.execPath}), and 20.19 is the oldest that will do.`,
        'Install a newer one from https://nodejs.org, and see that `node --version` says so.',
      ),
    );
  }
  const npm = await npmVersion();
  if (npm === undefined) {
    findings.push(wrong('npm is not on PATH.', 'Install Node with npm from https://nodejs.org.'));
  } else if (Number.parseInt(npm, 10) < 9) {
    findings.push(wrong(`npm is ${npm}, and 9 is the oldest that will do.`, 'Run `npm i -g npm`.'));
  }
  return findings;
}

async function npmVersion() {
  const { code, output } = await runCommand('npm', ['--version']);
  return code === 0 ? output.trim() : undefined;
}
