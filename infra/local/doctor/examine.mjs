import { dataDirectoryOf } from '../setup/data-directory-of.mjs';
import { missingDependencies, pinnedNode } from '../setup/missing-dependencies.mjs';
import { checkData } from './check-data.mjs';
import { checkDependencies } from './check-dependencies.mjs';
import { checkDocker } from './check-docker.mjs';
import { checkLoopback } from './check-loopback.mjs';
import { checkNetwork } from './check-network.mjs';
import { checkPlatform } from './check-platform.mjs';
import { checkPorts } from './check-ports.mjs';
import { checkRedis } from './check-redis.mjs';
import { checkRoom } from './check-room.mjs';
import { note } from './finding.mjs';
import { stackProcesses } from './stack-processes.mjs';

/**
 * All that the checks find, what is wrong first. Takes a second or two, up to ten without a network.
 *
 * @param {string} root the checkout
 * @param {NodeJS.ProcessEnv} env for PORT_OFFSET
 */
export async function examine(root, env) {
  const isInstalled = pinnedNode(root) !== undefined && missingDependencies(root).length === 0;
  const found = await Promise.all([
    checkPlatform(root),
    checkRoom({ root, isInstalled }),
    checkRedis(),
    checkDependencies(root),
    checkStack(root, Number(env.PORT_OFFSET) || 0),
    checkLoopback(),
    checkNetwork({ isInstalled }),
    checkDocker(),
  ]);
  const findings = [...found.flat(), ...checkData(root)];
  return ['wrong', 'note'].flatMap((level) => findings.filter((one) => one.level === level));
}

/**
 * @param {string} root
 * @param {number} portOffset
 */
async function checkStack(root, portOffset) {
  const { supervisor, processes } = await stackProcesses(dataDirectoryOf(root).directory);
  if (supervisor !== undefined) {
    return [
      note(
        `The stack of this checkout runs (process ${supervisor}).`,
        'Stop it with Ctrl-C in its terminal, and ask again, to have its ports looked at.',
      ),
    ];
  }
  const ports = await checkPorts({ root, portOffset, ownPids: processes.map(({ pid }) => pid) });
  if (processes.length === 0) return ports;
  const names = processes.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
  return [
    ...ports,
    note(`An earlier start was killed, and left this: ${names}.`, '`npm start` stops it first.'),
  ];
}
