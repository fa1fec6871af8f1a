import { setTimeout as delay } from 'node:timers/promises';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../create-logger.ts';
import type { Tracer } from './open-tracer.ts';
import type { OpenSpan, SpanOptions } from './span-options.ts';
import { currentTraceparent, isRecorded } from './traceparent.ts';

export interface TracingOptions {
  /** The process's role, e.g. `create-jobs`: the service of its spans. */
  service: string;
  instanceId: string;
  /** Base URL of an OpenTelemetry collector that takes OTLP over HTTP. Without one nothing is ever traced. */
  endpoint: string | undefined;
  /** Told when the collector is away, and when it is back. */
  logger: Logger;
  /** Takes each span as it ends, instead of the collector; stays the caller's. For tests. */
  exporter?: SpanExporter | undefined;
}

export interface Tracing {
  /** Whether requests may be traced at the moment: all that a request asks while they are not. */
  readonly isOn: boolean;
  /** Which share of requests is traced from now on, 0 to 1; at first 0. Resolves once that holds: the first time the SDK is loaded. Never rejects. */
  setRatio(ratio: number): Promise<void>;
  /** Throws the dice for a request. */
  chooses(): boolean;
  /** Begins the span of a request that is to be traced; undefined while `isOn` is false. */
  startRequest(options: SpanOptions): OpenSpan | undefined;
  /** Begins a span if its parent or one of its links is recorded. The first time it loads the SDK, which takes some 50 ms. Never rejects. */
  start: (options: SpanOptions) => Promise<OpenSpan | undefined>;
  /** Does work, in a span if `start` begins one. */
  inSpan: <T>(options: SpanOptions, work: (span?: OpenSpan) => Promise<T>) => Promise<T>;
  /** Sends what waits, for 2 s at most. */
  close(): Promise<void>;
}

const closeTimeoutMs = 2_000;

/**
 * The traces of one process, by the OpenTelemetry SDK, which is loaded when the first span is due. Until then, and while the ratio is 0, a
 * request pays for one comparison. A collector that is away, slow or hung costs spans and nothing else.
 *
 * Requests are chosen where they come in (`setRatio`); what follows from one that was chosen, in any process, is traced wherever an endpoint is
 * configured. Chosen by chance and not by trace id, which anybody may send.
 */
export function createTracing(options: TracingOptions): Tracing {
  const { endpoint, logger, exporter } = options;
  const isConfigured = endpoint !== undefined || exporter !== undefined;
  let ratio = 0;
  let wanted = 0;
  let tracer: Tracer | undefined;
  let loading: Promise<Tracer | undefined> | undefined;
  let isClosed = false;

  function load(): Promise<Tracer | undefined> {
    loading ??= import('./open-tracer.ts')
      .then(({ openTracer }) => {
        if (!isClosed) tracer = openTracer({ ...options, endpoint: endpoint ?? '' });
        return tracer;
      })
      .catch((err: unknown) => {
        logger.error({ err }, 'tracing is off: it could not be loaded');
        return undefined;
      });
    return loading;
  }

  async function start(span: SpanOptions): Promise<OpenSpan | undefined> {
    if (!isConfigured) return undefined;
    const { links = [], parent = currentTraceparent() } = span;
    const isTraced = [parent, ...links].some(isRecorded);
    if (!isTraced) return undefined;
    const opened = tracer ?? (await load());
    return isClosed ? undefined : opened?.start(span);
  }

  return {
    get isOn() {
      return ratio > 0;
    },
    async setRatio(share) {
      wanted = isConfigured ? share : 0;
      if (wanted > 0 && (tracer ?? (await load())) === undefined) return;
      ratio = isClosed ? 0 : wanted;
    },
    chooses: () => Math.random() < ratio,
    startRequest: (span) => (ratio > 0 ? tracer?.start(span) : undefined),
    start,
    async inSpan(options, work) {
      const span = await start(options);
      if (span === undefined) return work();
      try {
        const result = await span.run(() => work(span));
        span.end();
        return result;
      } catch (error) {
        span.end({ error });
        throw error;
      }
    },
    async close() {
      isClosed = true;
      ratio = 0;
      const cancel = new AbortController();
      const late = delay(closeTimeoutMs, undefined, { signal: cancel.signal }).catch(() => {});
      await Promise.race([tracer?.close().catch(() => {}), late]);
      cancel.abort();
    },
  };
}
