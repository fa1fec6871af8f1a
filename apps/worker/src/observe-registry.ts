import { processNames } from '@shortstack/contracts';
import type { Resolver } from '@shortstack/discovery';
import { createSampler, type Metrics } from '@shortstack/telemetry';

/**
 * Adds the metric of how many instances the registry knows of each kind of process, also of those that it knows none of. Asking
 * has every instance probed from the start, so that the first page knows their health. Returns how to stop.
 */
export function observeRegistry(metrics: Metrics, resolver: Resolver): () => Promise<void> {
  const instances = createSampler(() => resolver.list());
  metrics.observe(
    'shortstack_registry_instances',
    'Instances that the registry knows, by kind of process',
    'gauge',
    () => {
      const names = instances
        .latest()
        ?.map(({ service, process }) => (process === 'http' ? service : `${service}-jobs`));
      if (names === undefined) return [];
      return processNames.map((registered) => ({
        value: names.filter((name) => name === registered).length,
        attributes: { registered },
      }));
    },
  );
  return () => instances.close();
}
