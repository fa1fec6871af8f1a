import { sweepRegistry } from '@shortstack/discovery';
import type { RedisConnection } from '@shortstack/redis';
import type { ScheduledWork } from './create-handlers.ts';

/** Takes instances out of the registry that ended without saying so. */
export function createSweepRegistry(hub: RedisConnection): ScheduledWork {
  return async () => {
    const removed = await sweepRegistry({ redis: hub });
    return removed.length === 0 ? null : `swept ${removed.join(', ')} from the registry`;
  };
}
