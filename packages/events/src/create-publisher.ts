import type { RedisConnection } from '@shortstack/redis';
import { loadScript } from './load-script.ts';
import { type GroupLag, readGroups } from './read-groups.ts';
import { report } from './report.ts';
import { encodeEvent, type StreamEvent, type WrittenEvent } from './stream-event.ts';
import { streamKeys } from './stream-keys.ts';

const publishScript = loadScript('publish');
const trimScript = loadScript('trim');

export interface PublisherOptions {
  /** The hub. Stays the caller's. */
  redis: RedisConnection;
  /** Name of the stream, without braces. */
  stream: string;
  /** How many entries may wait for the slowest group. Default 100,000. */
  maxReaderLag?: number;
  /** How many of the newest entries stay for readers without a group, whatever the groups have read. Default 5,000. */
  keepEntries?: number;
}

/** A place in the history of the stream, for whoever has to know whether Redis still has what it was given. */
export interface PublishedBatch {
  /** Stamp of the batch before, which the stream must still know; 0 when there is none. */
  after: number;
  /** Stamp of this batch, greater than all before. Milliseconds since 1970 will do. */
  stamp: number;
}

/**
 * Writes to the stream. Every method rejects with an `AppError` of kind `unavailable`, code `REDIS_UNAVAILABLE`, when the hub is
 * away, hung (after the command timeout) or full; events of a call that timed out may have been published.
 */
export interface Publisher {
  /**
   * Appends events in order, all or none. With a `batch`, resolves with false and publishes nothing when the stream has lost the one before.
   * One round trip, O(1) per event.
   */
  publish: (
    events: readonly (StreamEvent | WrittenEvent)[],
    batch?: PublishedBatch,
  ) => Promise<boolean>;
  /** Whether the stream still knows the batch with this stamp. */
  holds: (stamp: number) => Promise<boolean>;
  /**
   * Drops what every group has handled, but for the newest `keepEntries`; at most 1,000 entries a call. Resolves with how many are left: what the
   * slowest group still needs, or `keepEntries`. Nothing else ever shortens the stream. O(groups + entries dropped).
   */
  trim: () => Promise<number>;
  /** Trims, and tells whether readers lag so much that publishing has to wait. */
  isLagging: () => Promise<boolean>;
  /** For metrics. */
  groups: () => Promise<GroupLag[]>;
}

/**
 * Creates the writing side of a stream. The stream is bounded as long as its writers stop while `isLagging()`: by `maxReaderLag` (or `keepEntries`)
 * plus one batch. A group that nobody reads any more therefore stops the writers: remove it with XGROUP DESTROY.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { redis, stream, maxReaderLag = 100_000, keepEntries = 5_000 } = options;
  const keys = streamKeys(stream);

  async function trim() {
    const left = await redis.run((client) => trimScript.run(client, [keys.stream], [keepEntries]));
    return Number(left);
  }

  return {
    async publish(events, batch = { after: 0, stamp: 0 }) {
      const args = [batch.after, batch.stamp, ...events.flatMap(encodeEvent)];
      const done = await redis.run((client) =>
        publishScript.run(client, [keys.stream, keys.state], args),
      );
      if (done !== 1) return false;
      report('events.published', { stream }, events.length);
      return true;
    },
    async holds(stamp) {
      if (stamp === 0) return true;
      const [reached, exists] = await redis.run((client) =>
        Promise.all([client.hget(keys.state, 'stamp'), client.exists(keys.stream)]),
      );
      return exists === 1 && Number(reached) >= stamp;
    },
    trim,
    isLagging: async () => (await trim()) >= maxReaderLag,
    groups: () => redis.run((client) => readGroups(client, stream)),
  };
}
