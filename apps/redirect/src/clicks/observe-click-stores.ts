import type { Metrics } from '@shortstack/telemetry';
import type { HttpConfig } from '../config.ts';
import type { ClickStream } from './click-stream.ts';
import type { SpoolWriter } from './spool-writer.ts';

/** Metrics of where clicks wait for redirect-jobs: how much waits, and how much may. */
export function observeClickStores(options: {
  config: Pick<HttpConfig, 'CLICK_STREAM_MAX_BYTES' | 'SPOOL_MAX_BYTES'>;
  metrics: Metrics;
  stream: ClickStream;
  spool: SpoolWriter;
}): void {
  const { config, metrics, stream, spool } = options;
  metrics.observe('shortstack_clicks_waiting_bytes', 'Size of clicks that wait', 'gauge', () => [
    { value: stream.stats().bytes, attributes: { store: 'stream' } },
    { value: spool.stats().bytes, attributes: { store: 'spool' } },
  ]);
  metrics.observe('shortstack_clicks_waiting_max_bytes', 'Its limit', 'gauge', () => [
    { value: config.CLICK_STREAM_MAX_BYTES, attributes: { store: 'stream' } },
    { value: config.SPOOL_MAX_BYTES, attributes: { store: 'spool' } },
  ]);
}
