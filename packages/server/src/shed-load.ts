import type { Metrics } from '@shortstack/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createLoadShedder, type LoadShedderOptions } from './create-load-shedder.ts';
import type { Problem } from './problem.ts';
import { problemTemplate } from './problem-document.ts';

export interface ShedLoadOptions extends LoadShedderOptions {
  /** Shows there what was refused. Default: nowhere. */
  metrics?: Metrics;
}

const overloaded: Problem = {
  status: 503,
  code: 'OVERLOADED',
  detail: 'This instance is overloaded. Try again shortly.',
};

/**
 * Returns a function that, while the server is overloaded, answers a request with 503 and returns true. The problem document is
 * written straight to the connection: what is refused must cost as little as can be. The connection stays open, since a
 * new one would cost more than the answer.
 */
export function shedLoad(
  server: FastifyInstance,
  instanceId: string,
  { metrics, ...options }: ShedLoadOptions,
): (request: FastifyRequest, reply: FastifyReply) => boolean {
  const shedder = createLoadShedder(options);
  const bodyFor = problemTemplate(overloaded);

  function refuse(request: FastifyRequest, reply: FastifyReply): void {
    const body = bodyFor(request.id);
    reply.hijack();
    reply.raw.writeHead(503, {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': `${body.length}`,
      'cache-control': 'no-store',
      'retry-after': '1',
      'x-request-id': request.id,
      'x-served-by': instanceId,
    });
    reply.raw.end(body);
  }

  server.addHook('onClose', (_server, done) => {
    shedder.close();
    done();
  });
  metrics?.observe(
    'shortstack_requests_shed_total',
    'Requests refused for overload',
    'counter',
    () => [{ value: shedder.stats().refused }],
  );
  metrics?.observe(
    'shortstack_event_loop_queue_seconds',
    'Delay of the event loop that load is shed by',
    'gauge',
    () => [{ value: shedder.stats().delayMs / 1_000 }],
  );
  return (request, reply) => {
    if (shedder.admit()) return false;
    refuse(request, reply);
    return true;
  };
}
