import { join, resolve } from 'node:path';
import { makeDataDirectory } from './data-directory.ts';
import { readPortOffset } from './port-offset.ts';
import { runStack } from './run-stack.ts';
import { runToExit } from './run-to-exit.ts';
import { openSecrets } from './secrets.ts';
import { stack } from './stack.ts';

const root = resolve(import.meta.dirname, '../../..');

// What the stack writes is for its own user alone.
process.umask(0o077);

await runToExit(async (stop) => {
  const portOffset = readPortOffset(process.env.PORT_OFFSET);
  const dataDirectory = makeDataDirectory(root);
  await runStack({
    stack: () => {
      const secrets = openSecrets(join(dataDirectory, 'secrets.json'));
      return stack({ root, dataDirectory, portOffset, secrets });
    },
    dataDirectory,
    portOffset,
    stop,
    worksOn: process.argv.includes('--dev') ? root : undefined,
  });
});
