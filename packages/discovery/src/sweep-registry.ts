import type { RedisConnection } from '@shortstack/redis';
import { registryKeys } from './registry-keys.ts';
import { registryScripts } from './registry-scripts.ts';
import { report } from './report.ts';

/**
 * Removes from the index every instance whose record has expired (a process that was killed or cut off) and
 * publishes `service_down` for each. Run it every few seconds; several sweepers do no harm.
 *
 * Cost: one script, one EXISTS per instance.
 *
 * @returns the instances removed, as `<service>/<id>`.
 * @throws AppError `unavailable` / `REDIS_UNAVAILABLE`; nothing is lost, the next run does the work.
 */
export async function sweepRegistry({ redis }: { redis: RedisConnection }): Promise<string[]> {
  const removed = await redis.run((client) =>
    registryScripts.sweep.run(
      client,
      [registryKeys.index],
      [registryKeys.recordPrefix, registryKeys.channel],
    ),
  );
  const members = Array.isArray(removed) ? removed.map(String) : [];
  if (members.length > 0) report('discovery.swept', undefined, members.length);
  return members;
}
