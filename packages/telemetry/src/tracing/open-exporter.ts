import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../create-logger.ts';

/** Sends spans to a collector by OTLP over HTTP, as JSON. An outage is logged when it begins and when it has ended. */
export function openExporter(options: { endpoint: string; logger: Logger }): SpanExporter {
  const { endpoint, logger } = options;
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: 4_000,
    concurrencyLimit: 2,
  });
  let isAway = false;

  function note({ code, error }: ExportResult, spans: number): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed === isAway) return;
    isAway = failed;
    if (failed)
      logger.warn({ err: error, spans }, 'the collector takes no spans: they are dropped');
    else logger.info('the collector takes spans again');
  }

  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        note(result, spans.length);
        // The SDK would log each failure by itself.
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
