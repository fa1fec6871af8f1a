import type { Logger } from '@shortstack/telemetry';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply } from 'fastify';
import type { LoadShedder } from './create-load-shedder.ts';
import { type Problem, sendProblem } from './problem-document.ts';
import { RequestLogger } from './request-logger.ts';

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

export interface GuardOptions {
  logger: Logger;
  setHeaders: (reply: FastifyReply) => void;
  shedder: LoadShedder | undefined;
}

/**
 * Adds the one hook that runs for every request: it gives it a logger, sets the headers of every answer, refuses
 * requests while the process is overloaded, and those without a host. Synchronous, since it is on every path.
 */
export function guardRequests(
  server: FastifyInstance,
  { logger, setHeaders, shedder }: GuardOptions,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    const log = new RequestLogger(logger, request.id) as unknown as FastifyBaseLogger;
    request.log = log;
    reply.log = log;
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
