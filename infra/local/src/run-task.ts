/**
 * A program: runs one of the stack's tasks beside it, such as `analytics:rebuild`, with the addresses and secrets of this checkout's
 * stack. Arguments behind the name are the task's. Variables that are set already win, so it serves any other stack too.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { makeDataDirectory } from './data-directory.ts';
import { readPortOffset } from './port-offset.ts';
import { openSecrets } from './secrets.ts';
import { stack } from './stack.ts';

const root = resolve(import.meta.dirname, '../../..');
const dataDirectory = makeDataDirectory(root);
const { tasks } = stack({
  root,
  dataDirectory,
  portOffset: readPortOffset(process.env.PORT_OFFSET),
  secrets: openSecrets(join(dataDirectory, 'secrets.json')),
});
const name = process.argv[2] ?? '';
const task = tasks.find((each) => each.name === name);
if (task === undefined) {
  console.error(`There is no task ${name}: ${tasks.map((each) => each.name).join(', ')}`);
  process.exit(1);
}
// Ctrl-C reaches the task as well, which may have to end in good order.
process.on('SIGINT', () => {});
const child = spawn(
  process.execPath,
  ['--conditions=source', task.main, ...process.argv.slice(3)],
  {
    env: { ...task.env, ...process.env },
    stdio: 'inherit',
  },
);
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
