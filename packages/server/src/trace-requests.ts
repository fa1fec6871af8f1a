import type { OpenSpan, Tracing } from '@shortstack/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type TraceRequest = (request: FastifyRequest, reply: FastifyReply, goOn: () => void) => void;

/**
 * Makes a span of each request that is chosen (see `startRequest`), until its answer is sent or broken off. A client's `traceparent`
 * is gone on with; that it says "recorded" counts if it came through a trusted proxy. Returns what the first hook ends with while tracing is on.
 */
export function traceRequests(server: FastifyInstance, tracing: Tracing): TraceRequest {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();

  // A body arrives outside of the span.
  server.addHook('onRoute', (route) => {
    if (route.method === 'GET' || route.method === 'HEAD') return;
    const others = [route.preValidation ?? []].flat();
    route.preValidation = [
      (request, _reply, done) => {
        const span = spans.get(request);
        if (span === undefined) done();
        else span.run(done);
      },
      ...others,
    ];
  });

  return (request, reply, goOn) => {
    const { method, routeOptions, headers } = request;
    const route = routeOptions.url;
    const span = tracing.startRequest({
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      parent: typeof headers.traceparent === 'string' ? headers.traceparent : null,
      isTrusted: () => request.ip !== request.socket.remoteAddress,
      attributes: {
        'http.request.method': method,
        'shortstack.request.id': request.id,
        ...(route !== undefined && { 'http.route': route }),
      },
    });
    if (span === undefined) return goOn();
    spans.set(request, span);
    reply.raw.once('close', () => {
      const { statusCode } = reply;
      span.end({
        attributes: { 'http.response.status_code': statusCode },
        ...(statusCode >= 500 && { error: `${statusCode}` }),
      });
    });
    span.run(goOn);
  };
}
