import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

const slowSockets = new WeakSet<Socket>();

/** Whether what arrives on a connection may take longer than the server lets requests take. */
export function mayArriveSlowly(socket: Socket): boolean {
  return slowSockets.has(socket);
}

/**
 * Gives this one request up to `timeoutMs` to arrive, whatever the server's `requestTimeoutMs` is; then 408 as ever, and the
 * connection ends. For a file over a slow line. Call it in a hook or handler, before the body is read.
 */
export function allowSlowBody(
  { raw, server }: FastifyRequest,
  reply: FastifyReply,
  timeoutMs: number,
): void {
  const { socket } = raw;
  slowSockets.add(socket);
  const timer = setTimeout(() => {
    slowSockets.delete(socket);
    const error = Object.assign(new Error('The body took too long'), {
      code: 'ERR_HTTP_REQUEST_TIMEOUT',
    });
    server.server.emit('clientError', error, socket);
    socket.destroySoon();
  }, timeoutMs).unref();
  const forget = () => {
    clearTimeout(timer);
    slowSockets.delete(socket);
  };
  raw.once('close', forget);
  // An injected request that is refused before its body is read never closes.
  reply.raw.once('finish', forget);
}
