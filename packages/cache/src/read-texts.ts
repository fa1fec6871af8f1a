import type { RedisClient } from '@shortstack/redis';

/**
 * The texts of the keys in their order, in one round trip; `null` where there is none or something else than a string. One MGET; on a
 * Cluster, where that is confined to one slot, one per key, sent together.
 */
export async function readTexts(
  client: RedisClient,
  keys: readonly string[],
): Promise<(string | null)[]> {
  if (!client.isCluster) return client.mget([...keys]);
  const answers = await Promise.all(keys.map((key) => client.mget([key])));
  return answers.map(([text]) => text ?? null);
}
