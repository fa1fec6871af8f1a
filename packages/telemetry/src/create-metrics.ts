import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { Metrics, Observation } from './metrics.ts';
import { observeProcess } from './observe-process.ts';

export interface MetricsOptions {
  /** Becomes the label `service` of every series, e.g. `create-jobs`. */
  service: string;
  /** Stands in `target_info`; Prometheus itself adds the label `instance`. */
  instanceId: string;
}

/** Series per metric; further label sets are added up under `otel_metric_overflow="true"`. */
const maxSeriesPerMetric = 500;

/**
 * Creates the metrics of a process, including the process's own: memory, CPU, event-loop delay.
 *
 * Every metric has at most 500 series, so a label that takes many values costs bounded memory.
 * Nothing is sent anywhere and no port is opened: the internal server answers `/metrics` with `render()`.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function createMetrics({ service, instanceId }: MetricsOptions): Metrics {
  const reader = new ScrapeReader({ cardinalitySelector: () => maxSeriesPerMetric });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ service, 'service.instance.id': instanceId }),
    readers: [reader],
  });
  const meter = provider.getMeter('shortstack');
  const serializer = new PrometheusSerializer('', false, /^service$/, false, true);
  /** Several may observe under one name: the pools of a process, its Redis servers. */
  const readers = new Map<string, (() => readonly Observation[])[]>();
  const keepReader = (name: string, read: () => readonly Observation[]) =>
    readers.set(name, [...(readers.get(name) ?? []), read]);

  const metrics: Metrics = {
    counter(name, description) {
      const counter = meter.createCounter(name, { description });
      return { add: (value = 1, attributes) => counter.add(value, attributes) };
    },
    gauge(name, description) {
      const gauge = meter.createUpDownCounter(name, { description });
      return { add: (value = 1, attributes) => gauge.add(value, attributes) };
    },
    histogram(name, description, buckets) {
      const advice = { explicitBucketBoundaries: [...buckets] };
      const histogram = meter.createHistogram(name, { description, advice });
      let count = 0;
      keepReader(`${name}_count`, () => [{ value: count }]);
      return {
        record(value, attributes) {
          count += 1;
          histogram.record(value, attributes);
        },
      };
    },
    observe(name, description, type, read) {
      const isUnsuffixed = type === 'counter' && !name.endsWith('_total');
      keepReader(isUnsuffixed ? `${name}_total` : name, read);
      const instrument =
        type === 'counter'
          ? meter.createObservableCounter(name, { description })
          : meter.createObservableGauge(name, { description });
      instrument.addCallback((result) => {
        for (const { value, attributes } of read()) result.observe(value, attributes);
      });
    },
    read: (names) =>
      names.flatMap((name) =>
        (readers.get(name) ?? [])
          .flatMap(readSafely)
          .map(({ value, attributes: labels = {} }) => ({ name, value, labels })),
      ),
    async render() {
      const { resourceMetrics } = await reader.collect();
      return `${serializer.serialize(resourceMetrics)}\n`;
    },
    async close() {
      stopObserving();
      await provider.shutdown();
    },
  };
  const stopObserving = observeProcess(metrics);
  return metrics;
}

function readSafely(read: () => readonly Observation[]): readonly Observation[] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** Collects when asked, as a Prometheus scrape does. */
class ScrapeReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}
