import type { Figure, Metrics } from '@shortstack/telemetry';
import type { Readiness } from './create-readiness.ts';
import type { DependencyReport } from './dependency.ts';

/** What a process tells of itself to whoever draws the whole system. */
export interface ProcessDescription {
  dependencies: DependencyReport[];
  figures: Figure[];
}

/**
 * Describes a process by what it knows already: the last reports of its readiness (asked anew in the background when they are older
 * than a second) and its metrics of these names. Never waits for a dependency that hangs.
 */
export async function describeProcess(
  readiness: Readiness,
  metrics: Metrics,
  names: readonly string[],
): Promise<ProcessDescription> {
  const { dependencies } = await readiness.latest();
  return { dependencies, figures: metrics.read(names) };
}
