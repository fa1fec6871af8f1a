import type { RedisConnection } from '@shortstack/redis';
import { loadScript } from './load-script.ts';

const watchScript = loadScript('watch');
const watchedScript = loadScript('watched');

export interface WatchListOptions {
  /** The hub. Stays the caller's. */
  redis: RedisConnection;
  /** The sorted set. */
  key: string;
  /** How long a member stays without being added again. Default 30,000. */
  ttlMs?: number;
  /** Members at most; beyond, none is added. Default 10,000. */
  maxMembers?: number;
}

export interface WatchList {
  /** Adds members, or prolongs their stay. Resolves with false where some did not fit. O(log N) per member. */
  add(members: readonly string[]): Promise<boolean>;
  /** Who is on the list now, in no order. O(log N + members). */
  members(): Promise<string[]>;
}

/**
 * Creates a list of what is being watched, so that whoever could notify does so only of that, and does nothing for nobody: PUBLISH
 * tells how many listen, but only once the message is made, and in a Cluster only those of one node.
 *
 * Watchers add what they watch again well within `ttlMs`; nobody removes anything, so several may watch the same and die without a word. Times are those of
 * Redis's clock. Each method is one round trip and rejects with `REDIS_UNAVAILABLE` when the hub is away. A hub that is emptied
 * forgets the list until the watchers' next round.
 */
export function createWatchList(options: WatchListOptions): WatchList {
  const { redis, key, ttlMs = 30_000, maxMembers = 10_000 } = options;
  return {
    async add(members) {
      if (members.length === 0) return true;
      const args = [ttlMs, maxMembers, ...members];
      return (await redis.run((client) => watchScript.run(client, [key], args))) === 1;
    },
    async members() {
      return (await redis.run((client) => watchedScript.run(client, [key], []))) as string[];
    },
  };
}
