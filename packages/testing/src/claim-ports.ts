import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { closeAfterFile } from './close-after-file.ts';

const BLOCK = 40;
const BLOCKS = 500;
/** Below the range from which systems take the ports of outgoing connections (from 32,768 on). */
const FIRST = 10_000;

export interface PortClaim {
  /** The next free port of the block. */
  next(): number;
}

/**
 * Claims a block of 39 ports of 127.0.0.1 that no other test uses meanwhile and no outgoing connection is given, so that a
 * server can be told its port before it starts, and come back on it. A listener on the first port of the block is the claim;
 * it ends with the test file.
 */
export async function claimPorts(): Promise<PortClaim> {
  for (let attempt = 0; attempt < BLOCKS; attempt += 1) {
    const base = FIRST + BLOCK * Math.floor(Math.random() * BLOCKS);
    const claim = await listen(base);
    if (!claim) continue;
    if (await allFree(base + 1, base + BLOCK - 1)) {
      closeAfterFile(() => close(claim));
      return claimed(base);
    }
    await close(claim);
  }
  throw new Error('There is no free block of ports.');
}

function claimed(base: number): PortClaim {
  let given = base;
  return {
    next() {
      given += 1;
      if (given === base + BLOCK) throw new Error(`A block has ${BLOCK - 1} ports.`);
      return given;
    },
  };
}

async function allFree(first: number, last: number): Promise<boolean> {
  for (let port = first; port <= last; port += 1) {
    const server = await listen(port);
    if (!server) return false;
    await close(server);
  }
  return true;
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
    server.unref();
    return server;
  } catch {
    return undefined;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
