import type { FastifyInstance } from 'fastify';

/**
 * Logs one in `sampleEvery` requests at level `info` when it is answered: method, path without its query (which may carry
 * tokens), status and duration. No address is logged.
 */
export function useAccessLog(server: FastifyInstance, sampleEvery: number): void {
  let count = 0;
  server.addHook('onResponse', (request, reply, done) => {
    count += 1;
    if (count % sampleEvery === 0) {
      const [path] = request.url.split('?', 1);
      const durationMs = Math.round(reply.elapsedTime * 100) / 100;
      const entry = { method: request.method, path, status: reply.statusCode, durationMs };
      request.log.info(entry, 'request');
    }
    done();
  });
}
