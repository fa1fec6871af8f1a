import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { libatomicIsThere } from './libatomic.mjs';
import { onPath } from './on-path.mjs';
import { withProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Installs what npm can't: a Redis server, on Linux libatomic (which Node 26 is linked to), and for the browser tests Chromium.
 * The command is shown first; on a terminal it is asked about once, elsewhere it runs at once.
 *
 * @param {string} root the checkout
 * @param {{ withChromium?: boolean }} [options]
 */
export async function installSystemPackages(root, { withChromium = false } = {}) {
  const hasRedis = onPath('redis-server', 'valkey-server') !== undefined;
  const hasLibatomic = await libatomicIsThere(root);
  const hasChromium = !withChromium || hasBrowser();
  if (hasRedis && hasLibatomic && hasChromium) return;

  const missing = [
    ...(hasRedis ? [] : ['Redis (redis-server or valkey-server)']),
    ...(hasLibatomic ? [] : ['libatomic (which Node 26 needs)']),
    ...(hasChromium ? [] : ['Chromium (which the browser tests drive)']),
  ];
  const isMissing = `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing here`;
  const command = await installCommand({
    redis: !hasRedis,
    libatomic: !hasLibatomic,
    chromium: !hasChromium,
  });
  if (!command.runnable) {
    throw new SetupError(`${isMissing}: ${command.advice}, and try again.`);
  }
  console.log(`${isMissing}. To install that:\n\n  ${command.line}\n`);
  if (!(await agreed())) {
    throw new SetupError(`Run this yourself, and then try again:\n\n  ${command.line}`);
  }
  const { code, output } = await withProgress('Installing', () =>
    runCommand('sh', ['-c', command.line]),
  );
  if (code !== 0) {
    const reason = /no space left/i.test(output) ? 'The disk is full' : 'The installation failed';
    throw new SetupError(
      `${reason}: put that right, run this yourself, and then try again:\n\n  ${command.line}\n\n${output.trimEnd().split('\n').slice(-12).join('\n')}`,
    );
  }
}

/**
 * The one line that installs it, and whether it can run here without a password.
 *
 * @param {{ redis: boolean, libatomic: boolean, chromium: boolean }} needs
 * @returns {Promise<{ runnable: true, line: string } | { runnable: false, advice: string }>}
 */
async function installCommand({ redis, libatomic, chromium }) {
  if (process.platform === 'darwin') {
    const line = [
      ...(redis ? ['brew install redis'] : []),
      ...(chromium ? ['brew install --cask chromium'] : []),
    ].join(' && ');
    if (onPath('brew')) return { runnable: true, line };
    return { runnable: false, advice: `install Homebrew from https://brew.sh, run \`${line}\`` };
  }
  const packages = [
    ...(redis ? ['redis-server'] : []),
    ...(libatomic ? ['libatomic1'] : []),
    ...(chromium ? ['chromium'] : []),
  ].join(' ');
  if (!onPath('apt-get')) {
    return {
      runnable: false,
      advice: `install it with this system's package manager (Debian's names are: ${packages})`,
    };
  }
  const asRoot = (await isRootWithoutPassword()) ? rootPrefix() : 'sudo ';
  const line = [
    `${asRoot}apt-get update`,
    `${asRoot}env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages}`,
    ...(redis ? [withoutItsService(asRoot)] : []),
  ].join(' && ');
  if (await isRootWithoutPassword()) return { runnable: true, line };
  return { runnable: false, advice: `run \`${line}\`` };
}

/**
 * Debian's package starts a Redis on port 6379, now and at every boot. The stack runs servers of its own,
 * so nothing is left running that wasn't there before.
 *
 * @param {string} asRoot
 */
function withoutItsService(asRoot) {
  return existsSync('/run/systemd/system')
    ? `${asRoot}systemctl disable --now redis-server`
    : `{ ${asRoot}service redis-server stop || true; }`;
}

const rootPrefix = () => (process.getuid?.() === 0 ? '' : 'sudo ');

async function isRootWithoutPassword() {
  if (process.getuid?.() === 0) return true;
  return onPath('sudo') !== undefined && (await runCommand('sudo', ['-n', 'true'])).code === 0;
}

/** Asks once on a terminal; where there is none, nobody can answer, and the command has been shown. */
async function agreed() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    // Ctrl-D closes the question without answering it, Ctrl-C makes it reject.
    const closed = once(terminal, 'close').then(() => 'no');
    const asked = terminal.question('Run it now? [Y/n] ').catch(() => 'no');
    const answer = await Promise.race([asked, closed]);
    return /^(y|yes)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function hasBrowser() {
  const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const applications = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app`);
  return onPath(...programs) !== undefined || applications.some((path) => existsSync(path));
}
