import type { Logger, Tracing } from '@shortstack/telemetry';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from './problem.ts';
import { sendProblem } from './problem-document.ts';
import { RequestLogger } from './request-logger.ts';
import { traceRequests } from './trace-requests.ts';

const hostMissing: Problem = {
  status: 400,
  code: 'HOST_MISSING',
  detail: 'An HTTP/1.1 request needs a Host header.',
};

export interface GuardOptions {
  logger: Logger;
  setHeaders: (reply: FastifyReply) => void;
  /** Answers a request that is refused for overload, and says so. */
  refuse: ((request: FastifyRequest, reply: FastifyReply) => boolean) | undefined;
  tracing: Tracing | undefined;
}

/**
 * Adds the one hook that runs for every request: it refuses requests while the process is overloaded, gives the others a logger,
 * sets the headers of their answers, refuses those without a host, and traces some. Synchronous, since it is on every path.
 */
export function guardRequests(
  server: FastifyInstance,
  { logger, setHeaders, refuse, tracing }: GuardOptions,
): void {
  const trace = tracing && traceRequests(server, tracing);
  server.addHook('onRequest', (request, reply, done) => {
    if (refuse?.(request, reply)) return;
    const log = new RequestLogger(logger, request) as unknown as FastifyBaseLogger;
    request.log = log;
    reply.log = log;
    setHeaders(reply);
    if (request.raw.headers.host === undefined && request.raw.httpVersionMinor === 1) {
      sendProblem(reply, hostMissing);
    } else if (tracing?.isOn) {
      trace?.(request, reply, done);
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
