import type { RedisConnection } from '@shortstack/redis';
import { leaderboardScripts } from './leaderboard-scripts.ts';

export interface RebuildMarker {
  /** Whether the server is not the one that was last marked, or lost the mark. */
  isMissing(): Promise<boolean>;
  /** Marks the server that the last `isMissing` saw, if it is still the same. */
  set(): Promise<void>;
}

/**
 * Remembers in Redis itself that its data is complete. The mark is the server's run id, new with each start: a server that
 * restarts with its last second missing, or a replica that was promoted, counts as incomplete, not only an empty one.
 *
 * One key without a TTL: it must live exactly as long as the data.
 */
export function createRebuildMarker(redis: RedisConnection, key: string): RebuildMarker {
  let seenRunId = '';

  async function ask(runId: string): Promise<{ current: string; marked: string }> {
    const reply = await redis.run((client) =>
      leaderboardScripts.rebuildState.run(client, [key], [runId]),
    );
    const [current, marked] = Array.isArray(reply) ? reply.map(String) : [];
    return { current: current ?? '', marked: marked ?? '' };
  }

  return {
    async isMissing() {
      const { current, marked } = await ask('');
      seenRunId = current;
      return marked !== current;
    },
    async set() {
      if (seenRunId !== '') await ask(seenRunId);
    },
  };
}
