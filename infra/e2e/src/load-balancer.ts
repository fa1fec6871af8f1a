import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface LoadBalancer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Hands each connection to the next of these servers, and to the one after it if that does not listen. */
export async function startLoadBalancer(origins: readonly string[]): Promise<LoadBalancer> {
  let next = 0;
  const sockets = new Set<Socket>();

  function forward(client: Socket, [origin, ...others]: readonly string[]): void {
    if (origin === undefined) return void client.destroy();
    const { hostname: host, port } = new URL(origin);
    const server = connect({ host, port: Number(port) });
    let isConnected = false;
    sockets.add(server);
    server.once('connect', () => {
      isConnected = true;
      client.pipe(server).pipe(client);
    });
    server.on('error', () => {
      if (!isConnected) forward(client, others);
    });
    server.once('close', () => {
      sockets.delete(server);
      if (isConnected) client.destroy();
    });
    client.once('close', () => server.destroy());
  }

  const listener = createServer((client) => {
    sockets.add(client);
    client.on('error', () => {});
    client.once('close', () => sockets.delete(client));
    // From the next one on, each once.
    forward(client, [...origins.slice(next), ...origins.slice(0, next)]);
    next = (next + 1) % origins.length;
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
