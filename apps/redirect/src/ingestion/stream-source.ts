import { redisKeys } from '@shortstack/contracts';
import type { RedisConnection } from '@shortstack/redis';
import type { ClickSource } from './click-source.ts';

export interface StreamSourceOptions {
  /** A connection of its own: reading blocks it. */
  redis: RedisConnection;
  /** Batches per reading (default 1,000). */
  count?: number;
  /** How long a reading waits for the first batch (default 500 ms). */
  blockMs?: number;
}

/**
 * Reads the click stream always from its head: what has been counted is trimmed away, so what is there
 * is what is to be counted, whatever crashed in between. There is no consumer group to lose.
 */
export function createStreamSource({
  redis,
  count = 1_000,
  blockMs = 500,
}: StreamSourceOptions): ClickSource {
  return {
    pollMs: 0,
    async read() {
      const answer = await redis.client.xread(
        'COUNT',
        count,
        'BLOCK',
        blockMs,
        'STREAMS',
        redisKeys.clicks,
        '0',
      );
      const entries = answer?.[0]?.[1] ?? [];
      const lastId = entries.at(-1)?.[0];
      if (lastId === undefined) return null;
      return {
        batches: entries.map(([, fields]) => ({
          bootId: fields[1] ?? '',
          sequence: Number(fields[3]),
          payload: fields[5] ?? '',
        })),
        async forget() {
          await redis.client.xtrim(redisKeys.clicks, 'MINID', nextId(lastId));
        },
      };
    },
  };
}

/** The smallest id after `id`: trimming to it removes `id` too. */
function nextId(id: string): string {
  const [milliseconds, sequence] = id.split('-');
  return `${milliseconds}-${BigInt(sequence ?? 0) + 1n}`;
}
