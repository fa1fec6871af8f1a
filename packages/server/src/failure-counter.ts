import type { Metrics } from '@shortstack/telemetry';

/** Adds `shortstack_requests_failed_total` and returns what counts one more. */
export function failureCounter(metrics: Metrics): () => void {
  let failed = 0;
  metrics.observe(
    'shortstack_requests_failed_total',
    'Requests answered with 5xx, those refused for overload not counted',
    'counter',
    () => [{ value: failed }],
  );
  return () => {
    failed += 1;
  };
}
