import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const openSockets = new WeakMap<Server, Set<Socket>>();

/** Remembers a server's open connections, for `connectionActivity`. Costs nothing per request. */
export function trackConnections(server: Server): void {
  const sockets = new Set<Socket>();
  openSockets.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
}

/** Returns a function that tells for how many ms no byte has moved on any open connection of a tracked server. */
export function connectionActivity(server: Server): () => number {
  const moved = new Map<Socket, number>();
  let lastMoved = performance.now();
  return () => {
    for (const socket of openSockets.get(server) ?? []) {
      const bytes = socket.bytesRead + socket.bytesWritten;
      if (moved.get(socket) !== bytes) lastMoved = performance.now();
      moved.set(socket, bytes);
    }
    return performance.now() - lastMoved;
  };
}
