import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

const resolutionMs = 20;
const nanoseconds = 1e9;

/**
 * Adds the process's own metrics. The event-loop delay is sampled every 20 ms and its histogram starts
 * afresh with each scrape. Returns a function that stops sampling.
 */
export function observeProcess(metrics: Metrics): () => void {
  const startedAt = Date.now() / 1000 - process.uptime();
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();

  metrics.observe(
    'process_start_time_seconds',
    'When the process started, Unix time',
    'gauge',
    () => [{ value: startedAt }],
  );
  metrics.observe('process_resident_memory_bytes', 'Resident set size', 'gauge', () => [
    { value: process.memoryUsage.rss() },
  ]);
  metrics.observe('nodejs_heap_used_bytes', 'JavaScript heap in use', 'gauge', () => [
    { value: process.memoryUsage().heapUsed },
  ]);
  metrics.observe('process_cpu_seconds_total', 'CPU time used', 'counter', () => {
    const { user, system } = process.cpuUsage();
    return [
      { value: user / 1e6, attributes: { mode: 'user' } },
      { value: system / 1e6, attributes: { mode: 'system' } },
    ];
  });
  metrics.observe('nodejs_event_loop_delay_seconds', 'Since the last scrape', 'gauge', () => {
    // The histogram counts the sampling interval itself as delay.
    const seconds = (value: number) => Math.max(0, value / nanoseconds - resolutionMs / 1000) || 0;
    const observations = [
      { value: seconds(delay.percentile(50)), attributes: { quantile: '0.5' } },
      { value: seconds(delay.percentile(99)), attributes: { quantile: '0.99' } },
      { value: seconds(delay.max), attributes: { quantile: '1' } },
    ];
    delay.reset();
    return observations;
  });

  return () => delay.disable();
}
