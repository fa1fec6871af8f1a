import type { RedisConnection } from '@shortstack/redis';
import { type Instance, memberOf, parseInstance } from './instance.ts';
import { maxInstances, registryKeys } from './registry-keys.ts';
import { registryScripts } from './registry-scripts.ts';

/**
 * Reads every live instance from the registry, at most 1,000; records that can't be read are left out, and those that
 * name another service than their key: an ACL can say who may write the keys of a service. One script. @throws AppError `unavailable` / `REDIS_UNAVAILABLE`.
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
  return records.flatMap((member: unknown, at) => {
    const instance = at % 2 === 0 ? parseInstance(String(records[at + 1])) : undefined;
    return instance && memberOf(instance) === member ? [instance] : [];
  });
}
