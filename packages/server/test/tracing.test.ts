import { connect } from 'node:net';
import { SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { createLogger, createTracing } from '@shortstack/telemetry';
import { until } from '@shortstack/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { AppServer } from '../src/index.ts';
import { startServer } from './start-server.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
const headers = { traceparent };

async function start(addRoutes: (server: AppServer) => void, ratio = 1) {
  const exporter = new InMemorySpanExporter();
  const about = {
    service: 'test',
    instanceId: 'test-1',
    logger: createLogger({ service: 'test', instanceId: 'test-1' }),
  };
  const tracing = createTracing({ ...about, endpoint: undefined, exporter });
  onTestFinished(() => tracing.close());
  await tracing.setRatio(ratio);
  const started = await startServer(addRoutes, { tracing });
  const untilSpan = () =>
    until(() => {
      const [span] = exporter.getFinishedSpans();
      if (span === undefined) throw new Error('no span');
      return span;
    });
  const handled = () => started.log.filter(({ msg }) => msg === 'handled');
  return { ...started, handled, exporter, untilSpan };
}

test('a request with a body is in its span all the way to the handler and its log', async () => {
  const { origin, handled, untilSpan } = await start((server) => {
    server.post('/things/:id', async (request) => {
      request.log.info('handled');
      return { id: 1 };
    });
  });
  const json = { ...headers, 'content-type': 'application/json' };
  await fetch(`${origin}/things/7`, { method: 'POST', headers: json, body: '{"a":1}' });
  const span = await untilSpan();
  expect(span).toMatchObject({
    name: 'POST /things/:id',
    parentSpanContext: { traceId, spanId: 'b7ad6b7169203331' },
    attributes: { 'http.route': '/things/:id', 'http.response.status_code': 200 },
  });
  expect(handled()).toMatchObject([{ traceId, spanId: span.spanContext().spanId }]);
});

test('a request that is not recorded logs its trace all the same', async () => {
  const { origin, handled, exporter } = await start((server) => {
    server.get('/', async (request) => request.log.info('handled'));
  }, 0);
  await fetch(origin, { headers });
  await fetch(origin, { headers: { traceparent: '00-nonsense' } });
  expect(handled().map((line) => line.traceId)).toEqual([traceId, undefined]);
  expect(handled()[0]).not.toHaveProperty('spanId');
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test('a failure of ours fails the span', async () => {
  const { origin, untilSpan } = await start((server) => {
    server.get('/', () => {
      throw new Error('broken');
    });
  });
  await fetch(origin);
  const { status, attributes } = await untilSpan();
  expect(status.code).toBe(SpanStatusCode.ERROR);
  expect(attributes['http.response.status_code']).toBe(500);
});

test('the span of a request that is broken off ends with it', async () => {
  const arrived = Promise.withResolvers<void>();
  const { port, untilSpan } = await start((server) => {
    server.get('/', () => {
      arrived.resolve();
      return new Promise(() => {});
    });
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  await arrived.promise;
  socket.destroy();
  expect((await untilSpan()).attributes).toMatchObject({ 'error.type': 'aborted' });
});
