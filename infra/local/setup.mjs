// The set-up before `npm start` and `npm test`: system packages and dependencies; as `setup.mjs browser` a Chromium, too. It runs under whatever
// Node the machine has and before `node_modules` exists, so: built-ins and the syntax of Node 20 only.
// Where all is there it prints nothing and takes a tenth of a second.
import { join } from 'node:path';
import { installDependencies } from './setup/install-dependencies.mjs';
import { installSystemPackages } from './setup/install-system-packages.mjs';
import { SetupError } from './setup/setup-error.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

try {
  requireNode(20, 19);
  await installSystemPackages(root, { withChromium: process.argv[2] === 'browser' });
  await installDependencies(root);
} catch (error) {
  // The sentence is for the user; anything else is a fault of this program, and keeps its stack.
  console.error(error instanceof SetupError ? `\n${error.message}\n` : error);
  process.exitCode = 1;
}

/** @param {number} major @param {number} minor */
function requireNode(major, minor) {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new SetupError(
    `Node ${major}.${minor} or newer is needed to set Shortstack up, and this is ${process.version}: install it from https://nodejs.org and try again.`,
  );
}
