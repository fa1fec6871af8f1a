// The set-up before `npm start` and `npm test`: system packages and dependencies; as `setup.mjs browser` a Chromium, too. It runs under whatever
// Node the machine has and before `node_modules` exists, so: built-ins and the syntax of Node 20 only.
// Where all is there it prints nothing and takes a tenth of a second.
import { join } from 'node:path';
import { installDependencies } from './setup/install-dependencies.mjs';
import { installSystemPackages } from './setup/install-system-packages.mjs';
import { nodeIsTooOld } from './setup/node-version.mjs';
import { SetupError } from './setup/setup-error.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

try {
  const tooOld = nodeIsTooOld();
  if (tooOld) throw new SetupError(tooOld);
  await installSystemPackages(root, { withChromium: process.argv[2] === 'browser' });
  await installDependencies(root);
} catch (error) {
  // The sentence is for the user; anything else is a fault of this program, and keeps its stack.
  console.error(error instanceof SetupError ? `\n${error.message}\n` : error);
  console.error('`npm run doctor` looks for what else is wrong with this machine.\n');
  process.exitCode = 1;
}
