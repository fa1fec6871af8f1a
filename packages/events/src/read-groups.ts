import type { RedisClient } from '@shortstack/redis';

/** How far behind a consumer group is. */
export interface GroupLag {
  group: string;
  /** Entries not yet delivered to it. */
  lag: number;
  /** Entries delivered and not yet handled. */
  pending: number;
}

/** The groups of a stream; none for a stream that isn't there. One round trip. */
export async function readGroups(client: RedisClient, stream: string): Promise<GroupLag[]> {
  const [groups, length] = await Promise.all([
    client.xinfo('GROUPS', stream).catch(noSuchKey) as Promise<(string | number | null)[][]>,
    client.xlen(stream),
  ]);
  return groups.map((fields) => {
    const value = (name: string) => fields[fields.indexOf(name) + 1];
    // Redis can't tell after some rare deletions: then as much as there is.
    return {
      group: String(value('name')),
      lag: Number(value('lag') ?? length),
      pending: Number(value('pending')),
    };
  });
}

function noSuchKey(error: Error): [] {
  if (error.message.includes('no such key')) return [];
  throw error;
}
