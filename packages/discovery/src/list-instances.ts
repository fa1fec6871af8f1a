import type { RedisConnection } from '@shortstack/redis';
import { type Instance, parseInstance } from './instance.ts';
import { maxInstances, registryKeys } from './registry-keys.ts';
import { registryScripts } from './registry-scripts.ts';

/**
 * Reads every live instance from the registry, at most 1,000; records that can't be read are left out.
 * One script. @throws AppError `unavailable` / `REDIS_UNAVAILABLE`.
 */
export async function listInstances(redis: RedisConnection): Promise<Instance[]> {
  const records = await redis.run((client) =>
    registryScripts.list.run(
      client,
      [registryKeys.index],
      [registryKeys.recordPrefix, maxInstances],
    ),
  );
  if (!Array.isArray(records)) return [];
  return records
    .map((record: unknown) => parseInstance(String(record)))
    .filter((instance) => instance !== undefined);
}
