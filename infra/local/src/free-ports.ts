import { portIsTaken } from '../setup/port-is-taken.mjs';
import { portOwner } from '../setup/port-owner.mjs';
import { StartError } from './start-error.ts';
import type { Unit } from './unit.ts';

/** Throws `StartError` with the first port that somebody else uses: which, who if known, and the remedy. */
export async function requireFreePorts(
  units: readonly Pick<Unit, 'name' | 'ports'>[],
  portOffset: number,
): Promise<void> {
  const wanted = units.flatMap(({ name, ports }) => ports.map((port) => ({ name, port })));
  const taken = await Promise.all(wanted.map(({ port }) => portIsTaken(port)));
  const first = wanted.find((_, index) => taken[index]);
  if (!first) return;
  const owner = await portOwner(first.port);
  const others = taken.filter(Boolean).length - 1;
  throw new StartError(
    `Port ${first.port}, which ${first.name} needs, is in use${owner ? ` by ${owner}` : ''}${others > 0 ? ` (and ${others} more of the stack's ports are)` : ''}: stop that, or move all ports with \`PORT_OFFSET=${portOffset + 100} npm start\`.`,
  );
}
