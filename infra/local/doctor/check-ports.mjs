import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { portIsTaken } from '../setup/port-is-taken.mjs';
import { portOwner } from '../setup/port-owner.mjs';
import { wrong } from './finding.mjs';

/**
 * The ports of the stack that others have.
 *
 * @param {{ root: string, portOffset: number, ownPids: readonly number[] }} options `ownPids` may have them
 */
export async function checkPorts({ root, portOffset, ownPids }) {
  const ports = stackPorts(root).map((port) => port + portOffset);
  const found = await Promise.all(
    ports.map(async (port) => {
      if (!(await portIsTaken(port))) return [];
      const owner = await portOwner(port);
      if (ownPids.some((pid) => owner?.endsWith(`(process ${pid})`))) return [];
      return [
        wrong(
          `Port ${port} is taken${owner ? ` by ${owner}` : ''}.`,
          `Stop that, or move all ports: \`PORT_OFFSET=${portOffset + 100} npm start\`.`,
        ),
      ];
    }),
  );
  return found.flat();
}

/**
 * Read out of the sources that name them, as `at(3000)` or `port: 3000`: these can't be run before the dependencies are there.
 *
 * @param {string} root
 */
export function stackPorts(root) {
  const services = join(root, 'infra/services/src');
  const files = existsSync(services)
    ? readdirSync(services).map((file) => join(services, file))
    : [];
  const ports = [join(root, 'infra/local/src/stack.ts'), ...files].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:\bat\(|[pP]ort: )(\d{4,5})\b/g)].map((match) =>
      Number(match[1]),
    ),
  );
  return [...new Set(ports)];
}
