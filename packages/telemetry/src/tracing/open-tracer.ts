import {
  type Context,
  context,
  createContextKey,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../create-logger.ts';
import { listenToClients } from './listen-to-clients.ts';
import { openExporter } from './open-exporter.ts';
import type { OpenSpan, SpanOptions } from './span-options.ts';
import { activeSpan, readTraceparent, writeTraceparent } from './traceparent.ts';

export interface TracerOptions {
  service: string;
  instanceId: string;
  endpoint: string;
  logger: Logger;
  exporter?: SpanExporter | undefined;
}

export interface Tracer {
  /** Each span that is begun is recorded: who is traced was decided before. */
  start(options: SpanOptions): OpenSpan;
  close(): Promise<void>;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

/** Several tracers of one process, as in tests, share what the clients report: each takes what began in a span of its own. */
const tracerKey = createContextKey('shortstack tracer');

/**
 * Opens the SDK; imported only by a process that traces. Spans wait for the collector in memory, 2,048 at most; those beyond, and those
 * that it doesn't take within 5 s, are dropped. The clients' channels are listened to while spans are open.
 */
export function openTracer(options: TracerOptions): Tracer {
  const { service, instanceId, exporter } = options;
  // Stays for the life of the process: without a span in it, it costs nothing.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.instance.id': instanceId,
    }),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      exporter === undefined
        ? new BatchSpanProcessor({
            exporter: openExporter(options),
            maxQueueSize: 2_048,
            maxExportBatchSize: 512,
            scheduledDelayMillis: 1_000,
            exportTimeoutMillis: 5_000,
          })
        : new SimpleSpanProcessor({ exporter: stayingOpen(exporter) }),
    ],
  });
  const tracer = provider.getTracer('shortstack');
  const clients = listenToClients((span) =>
    context.active().getValue(tracerKey) === tracer && activeSpan() ? start(span) : undefined,
  );

  function contextOf({ parent }: SpanOptions): Context {
    if (parent === undefined) return context.active();
    const none = trace.deleteSpan(context.active());
    const remote = readTraceparent(parent);
    return remote === undefined ? none : trace.setSpanContext(none, remote);
  }

  function start(span: SpanOptions): OpenSpan {
    const { name, kind = 'internal', links = [], attributes = {} } = span;
    const outer = contextOf(span);
    const started = tracer.startSpan(
      name,
      {
        kind: kinds[kind],
        attributes,
        links: links.flatMap((link) => readTraceparent(link) ?? []).map((to) => ({ context: to })),
      },
      outer,
    );
    const inner = trace.setSpan(outer, started).setValue(tracerKey, tracer);
    clients.begin();
    return {
      traceparent: writeTraceparent(started.spanContext()),
      run: (work) => context.with(inner, work),
      end({ error, attributes: late } = {}) {
        if (error !== undefined) {
          // Messages may carry what people sent; the log has them, redacted.
          const type = error instanceof Error ? error.name : typeof error;
          started.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
        }
        if (late !== undefined) started.setAttributes(late);
        started.end();
        clients.end();
      },
    };
  }

  return {
    start,
    async close() {
      clients.close();
      await provider.shutdown();
    },
  };
}

/** It is the caller's, and may serve others. */
function stayingOpen(exporter: SpanExporter): SpanExporter {
  return { export: (spans, done) => exporter.export(spans, done), shutdown: async () => {} };
}
