import { connect, createServer } from 'node:net';
import { portOwner } from './port-owner.ts';
import { StartError } from './start-error.ts';
import type { Unit } from './unit.ts';

/** Throws `StartError` with the first port that somebody else uses: which, who if known, and the remedy. */
export async function requireFreePorts(
  units: readonly Pick<Unit, 'name' | 'ports'>[],
  portOffset: number,
): Promise<void> {
  const wanted = units.flatMap(({ name, ports }) => ports.map((port) => ({ name, port })));
  const taken = await Promise.all(wanted.map(({ port }) => isTaken(port)));
  const first = wanted.find((_, index) => taken[index]);
  if (!first) return;
  const owner = await portOwner(first.port);
  const others = taken.filter(Boolean).length - 1;
  throw new StartError(
    `Port ${first.port}, which ${first.name} needs, is in use${owner ? ` by ${owner}` : ''}${others > 0 ? ` (and ${others} more of the stack's ports are)` : ''}: stop that, or move all ports with \`PORT_OFFSET=${portOffset + 100} npm start\`.`,
  );
}

/**
 * Whether the port can't be had on 127.0.0.1, or `localhost` would lead a browser to somebody else on
 * ::1. Both questions are needed: macOS lets a process listen on 127.0.0.1 beside another's wildcard.
 */
async function isTaken(port: number): Promise<boolean> {
  const [v4, v6, bindable] = await Promise.all([
    answers('127.0.0.1', port),
    answers('::1', port),
    canListen(port),
  ]);
  return v4 || v6 || !bindable;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
