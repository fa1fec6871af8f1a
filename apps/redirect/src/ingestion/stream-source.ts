import { redisKeys } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import type { ClickBatch } from '../clicks/click-batch.ts';
import type { ClickSource } from './click-source.ts';

export interface StreamSourceOptions {
  /** A connection of its own, since reading blocks it; its command timeout must be well above `blockMs`. */
  redis: RedisConnection;
  /** How long a reading waits for the first batch (default 500 ms). */
  blockMs?: number;
  /**
   * How long batches gather after a reading (default 250 ms). The first click after a silence is counted at once. Longer makes larger
   * transactions: less work where clicks are spread over thousands of links, but each burst of work and disk writes holds up the
   * redirects beside it.
   */
  pollMs?: number;
}

const maxCount = 2_000;
/** About so many characters per reading, which become one transaction and a few times as much memory. */
const charactersPerReading = 8_388_608;

/**
 * Reads the click stream always from its head: what has been counted is trimmed away, so what is there
 * is what is to be counted, whatever crashed in between. There is no consumer group to lose.
 */
export function createStreamSource({
  redis,
  blockMs = 500,
  pollMs = 250,
}: StreamSourceOptions): ClickSource {
  let count = 50;

  return {
    pollMs,
    async read() {
      const answer = await redis
        .run((client) =>
          client.xread('COUNT', count, 'BLOCK', blockMs, 'STREAMS', redisKeys.clicks, '0'),
        )
        .catch((error: unknown) => {
          // It may have been more than can be read in time.
          count = Math.max(1, count >> 1);
          throw error;
        });
      const entries = answer?.[0]?.[1] ?? [];
      const lastId = entries.at(-1)?.[0];
      if (lastId === undefined) return null;
      const batches = entries.map(([, fields]) => ({
        bootId: fields[1] ?? '',
        sequence: Number(fields[3]),
        payload: fields[5] ?? '',
        ...(fields[7] !== undefined && { traceparent: fields[7] }),
      }));
      const nextInMs = entries.length < count ? pollMs : 0;
      count = suitableCount(batches);
      return {
        batches,
        nextInMs,
        async forget() {
          await redis.run((client) => client.xtrim(redisKeys.clicks, 'MINID', nextId(lastId)));
        },
      };
    },
  };
}

/** How many batches like these make one reading: batches grow with the load. */
function suitableCount(batches: readonly ClickBatch[]): number {
  const characters = batches.reduce((sum, { payload }) => sum + payload.length + 1, 0);
  const wanted = (charactersPerReading * batches.length) / characters;
  return Math.max(1, Math.min(maxCount, Math.floor(wanted)));
}

/** The smallest id after `id`: trimming to it removes `id` too. */
function nextId(id: string): string {
  const [milliseconds, sequence] = id.split('-');
  return `${milliseconds}-${BigInt(sequence ?? 0) + 1n}`;
}
