import { once } from 'node:events';
import { createServer } from 'node:net';

/** From here to 29,999: below the range from which systems take the ports of outgoing connections. */
const first = 10_000;
const last = 29_999;

/** So many ports of 127.0.0.1 that nobody listens on at the moment, all different. For what containers publish. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = first + Math.floor(Math.random() * (last - first + 1));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
