import type { Metrics } from '@shortstack/telemetry';
import type { DependencyReport } from './dependency.ts';

/** Adds the metrics of what a process depends on. Returns how to tell them the newest reports. */
export function observeDependencies(
  metrics: Metrics,
): (reports: readonly DependencyReport[]) => void {
  let latest: readonly DependencyReport[] = [];
  metrics.observe(
    'shortstack_dependency_up',
    'Whether the dependency has answered when it was asked for this scrape',
    'gauge',
    () =>
      latest.map(({ name, state }) => ({
        value: Number(state === 'up'),
        attributes: { dependency: name },
      })),
  );
  metrics.observe(
    'shortstack_breaker_closed',
    'Whether calls to the dependency go through its circuit breaker; 0 while it is open or half-open',
    'gauge',
    () =>
      latest.flatMap(({ name, breaker }) =>
        breaker === undefined
          ? []
          : [{ value: Number(breaker === 'closed'), attributes: { dependency: name } }],
      ),
  );
  return (reports) => {
    latest = reports;
  };
}
