/**
 * The whole native stack with the supervisor of `npm start`, its data in the directory that the first argument names: started by
 * `start-own-stack.ts`, stopped by SIGTERM.
 */
import { join, resolve } from 'node:path';
import { readPortOffset } from '../../local/src/port-offset.ts';
import { runStack } from '../../local/src/run-stack.ts';
import { runToExit } from '../../local/src/run-to-exit.ts';
import { openSecrets } from '../../local/src/secrets.ts';
import { stack } from '../../local/src/stack.ts';

const root = resolve(import.meta.dirname, '../../..');
const [dataDirectory = ''] = process.argv.slice(2);

process.umask(0o077);

await runToExit(async (stop) => {
  const portOffset = readPortOffset(process.env.PORT_OFFSET);
  await runStack({
    stack: () => {
      const secrets = openSecrets(join(dataDirectory, 'secrets.json'));
      return stack({ root, dataDirectory, portOffset, secrets });
    },
    dataDirectory,
    portOffset,
    stop,
  });
});
