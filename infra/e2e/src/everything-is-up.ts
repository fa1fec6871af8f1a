import { until } from '@shortstack/testing';
import type { ServiceProcess } from './service-process.ts';

interface Report {
  dependencies: { name: string; state: string; breaker?: string }[];
}

/** Resolves when each of these processes reaches all that it depends on, needed or not. */
export async function everythingIsUp(
  processes: readonly ServiceProcess[],
  deadlineMs: number,
): Promise<void> {
  await Promise.all(
    processes.map(({ name, internalUrl }) =>
      until(
        async () => {
          const answer = await fetch(`${internalUrl}/readyz`);
          const { dependencies } = (await answer.json()) as Report;
          return dependencies.every(
            ({ state, breaker = 'closed' }) => state === 'up' && breaker === 'closed',
          );
        },
        { deadlineMs, message: `${name} does not reach all that it depends on` },
      ),
    ),
  );
}
