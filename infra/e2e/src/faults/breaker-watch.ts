import { until } from '@shortstack/testing';
import { readMetric } from '../read-metric.ts';
import type { ServiceProcess } from '../service-process.ts';

/** How often the breaker of this connection has opened in a process so far. */
function openings({ internalUrl }: ServiceProcess, connection: string): Promise<number> {
  const labels = { connection, to: 'open' };
  return readMetric(internalUrl, 'shortstack_redis_breaker_transitions_total', labels);
}

/**
 * Notes how often the breakers of a connection have opened in these processes. Returns a function that resolves when
 * each has opened since, or rejects after `deadlineMs`.
 */
export async function watchBreakers(
  processes: readonly ServiceProcess[],
  connection: string,
): Promise<(deadlineMs: number) => Promise<unknown>> {
  const before = await Promise.all(processes.map((process) => openings(process, connection)));
  return (deadlineMs) =>
    Promise.all(
      processes.map((process, index) =>
        until(async () => (await openings(process, connection)) > (before[index] ?? 0), {
          deadlineMs,
          message: `The breaker of ${process.name} did not open`,
        }),
      ),
    );
}
