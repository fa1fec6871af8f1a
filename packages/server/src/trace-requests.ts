import { isRecorded, type OpenSpan, type Tracing } from '@shortstack/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

type TraceRequest = (request: FastifyRequest, reply: FastifyReply, goOn: () => void) => void;

/**
 * Makes a span of each request that is chosen, until its answer is sent or broken off. A client's `traceparent`
 * is gone on with; if it says "recorded" and came through a trusted proxy, it chooses the request, too. Returns what the first hook ends with while tracing is on.
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
    const { traceparent } = request.headers;
    if (!tracing.chooses() && !(isRecorded(traceparent) && isProxied(request))) return goOn();
    const { method } = request;
    const route = request.routeOptions.url;
    const span = tracing.startRequest({
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : null,
      attributes: {
        'http.request.method': method,
        'shortstack.request.id': request.id,
        ...(route !== undefined && { 'http.route': route }),
      },
    });
    if (span === undefined) return goOn();
    spans.set(request, span);
    reply.raw.once('close', () => {
      span.end(outcomeOf(reply));
    });
    span.run(goOn);
  };
}

/** Only what a trusted proxy says of an address is believed. */
function isProxied({ ip, socket }: FastifyRequest): boolean {
  return ip !== socket.remoteAddress;
}

function outcomeOf({ raw, statusCode }: FastifyReply): Parameters<OpenSpan['end']>[0] {
  if (!raw.writableFinished) return { error: 'aborted', attributes: { 'error.type': 'aborted' } };
  const attributes = { 'http.response.status_code': statusCode };
  if (statusCode < 500) return { attributes };
  return { error: statusCode, attributes: { ...attributes, 'error.type': `${statusCode}` } };
}
