/**
 * A service that answers as the path asks it to, and prints each request before that, as a line of JSON. It stops as
 * the real ones do. Runs in a container of its own and so imports nothing of ours.
 */
import { createServer, type ServerResponse } from 'node:http';
import { Server, type Socket } from 'node:net';

const idleAfterStopMs = 5_000;
const name = process.env.NAME;
const useCounts = new WeakMap<Socket, number>();
let isStopping = false;
let lastAccepted = performance.now();

const server = createServer((request, response) => {
  const { method, url = '/', headers, socket } = request;
  const useCount = (useCounts.get(socket) ?? 0) + 1;
  useCounts.set(socket, useCount);
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.once('end', () => {
    const seen = { name, method, url, headers, bytes, useCount };
    process.stdout.write(`${JSON.stringify(seen)}\n`);
    if (isStopping) response.setHeader('connection', 'close');
    response.setHeader('x-served-by', String(name));
    answer(url, useCount, response, seen);
  });
});
server.keepAliveTimeout = 72_000;
server.on('connection', () => {
  lastAccepted = performance.now();
});

function answer(url: string, useCount: number, response: ServerResponse, seen: object): void {
  const status = /^\/status-(\d+)$/.exec(url)?.[1];
  const [, type] = /^\/type\/(.+)$/.exec(decodeURI(url)) ?? [];
  if (url === '/hang') return;
  if (url === '/break' || (url === '/break-if-reused' && useCount > 1)) {
    response.socket?.destroy();
  } else if (url === '/long-location') {
    response.writeHead(302, { location: `http://target.test/${'a'.repeat(8_173)}` }).end();
  } else if (url === '/with-headers') {
    response
      .setHeader('x-frame-options', 'SAMEORIGIN')
      .setHeader('referrer-policy', 'origin')
      .end();
  } else if (type) {
    response.setHeader('content-type', type).end('compressible '.repeat(400));
  } else if (url.startsWith('/assets/')) {
    response
      .writeHead(200, { 'cache-control': 'public, max-age=31536000, immutable' })
      .end('an asset');
  } else if (status) {
    response.writeHead(Number(status), { 'x-from': 'stub' }).end('from the service');
  } else {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(seen));
  }
}

process.once('SIGTERM', () => {
  closeListenerInQuietTurn(performance.now());
  setTimeout(() => server.closeIdleConnections(), idleAfterStopMs);
});

/** Whoever has connected but is not accepted yet would be reset, so it waits for 25 ms in which nobody came. */
function closeListenerInQuietTurn(turnStart: number): void {
  const now = performance.now();
  const isQuiet = now - lastAccepted >= 25 && now - turnStart < 0.5;
  if (!isQuiet) {
    setImmediate(closeListenerInQuietTurn, performance.now());
    return;
  }
  isStopping = true;
  // HTTP's own close() would close idle connections at once.
  Server.prototype.close.call(server, () => process.exit(0));
}

server.listen(Number(process.env.PORT), () => console.log('listening'));
