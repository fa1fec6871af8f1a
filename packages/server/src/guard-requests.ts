import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Problem, sendProblem } from './problem-document.ts';

const hostMissing: Problem = {
  status: 400,
  code: 'HOST_MISSING',
  detail: 'An HTTP/1.1 request needs a Host header.',
};

/**
 * Adds the hook that runs for every request: it sets the headers of every answer, and refuses requests without a
 * host. Synchronous, since it is on every path.
 */
export function guardRequests(
  server: FastifyInstance,
  setHeaders: (reply: FastifyReply) => void,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    setHeaders(reply);
    if (request.raw.headers.host === undefined && request.raw.httpVersionMinor === 1) {
      sendProblem(reply, hostMissing);
    } else {
      done();
    }
  });
}

/** Compiles the headers of every answer into a function that sets them, together with the request's id. */
export function headerSetter(
  headers: Readonly<Record<string, string>>,
): (reply: FastifyReply) => void {
  return (reply) => {
    reply.headers(headers).header('x-request-id', reply.request.id);
  };
}
