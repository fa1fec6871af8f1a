import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LoadShedder } from './create-load-shedder.ts';
import { type Problem, sendProblem } from './problem-document.ts';

const overloaded: Problem = {
  status: 503,
  code: 'OVERLOADED',
  detail: 'This instance is overloaded. Try again shortly.',
  retryAfterSeconds: 1,
};

const hostMissing: Problem = {
  status: 400,
  code: 'HOST_MISSING',
  detail: 'An HTTP/1.1 request needs a Host header.',
};

/**
 * Adds the one hook that runs for every request: it sets the headers of every answer, refuses
 * requests while the process is overloaded, and those without a host. Synchronous, since it is on every path.
 */
export function guardRequests(
  server: FastifyInstance,
  setHeaders: (reply: FastifyReply) => void,
  shedder: LoadShedder | undefined,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    setHeaders(reply);
    if (shedder?.overloaded) {
      sendProblem(reply, overloaded);
    } else if (request.raw.headers.host === undefined && request.raw.httpVersionMinor === 1) {
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
