import type { RedisConnection } from '@shortstack/redis';
import { report } from './report.ts';

/** A message's JSON may have so many characters: what is larger is no notice. */
export const maxNoticeLength = 65_536;

export interface Notifier {
  /**
   * Sends a message to whoever listens to the channel at this moment, and keeps nothing. O(listeners), one round trip.
   *
   * Throws a RangeError for a message of more than 65,536 characters as JSON. Rejects with kind `unavailable`, code
   * `REDIS_UNAVAILABLE`, when the hub is away, hung (after the command timeout) or full; the message may then have been sent.
   */
  notify: (channel: string, message: unknown) => Promise<void>;
}

/**
 * Creates the sending side of pub/sub, for what may be lost: **at most once**, to those who listen right now.
 * Nobody learns whether anyone did. What must arrive belongs on a stream; or is polled, and only hastened by a notice: see `followValue`.
 *
 * @see https://redis.io/docs/latest/develop/interact/pubsub/
 */
export function createNotifier({ redis }: { redis: RedisConnection }): Notifier {
  return {
    async notify(channel, message) {
      const text = JSON.stringify(message);
      if (text.length > maxNoticeLength)
        throw new RangeError(`A notice of ${text.length} characters`);
      await redis.run((client) => client.publish(channel, text));
      report('events.notices_sent', {});
    },
  };
}
