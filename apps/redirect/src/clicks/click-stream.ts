import { redisKeys } from '@shortstack/contracts';
import { createBreaker, type RedisConnection } from '@shortstack/redis';
import type { ClickBatch } from './click-batch.ts';

export interface ClickStream {
  /** Whether a batch may be tried now: the server answers and the stream is below its limit. */
  readonly isOpen: boolean;
  /** One XADD. Resolves when Redis has it (and, with `appendfsync always`, its disk too). */
  append(batch: ClickBatch): Promise<void>;
  /** What it took when it was last weighed. */
  stats(): { bytes: number };
  close(): void;
}

export interface ClickStreamOptions {
  redis: RedisConnection;
  /** Memory that the stream may take; from there on batches go to the spool. */
  maxBytes: number;
  /** How often the stream is weighed (default 1,000 ms). */
  weighEveryMs?: number;
}

/**
 * The local click stream. It is trimmed by nobody but its reader, after the commit; when the reader
 * lags, `isOpen` turns false at `maxBytes` and true again below it. One failure is enough to take
 * Redis for away: clicks then go to the disk without waiting, until the connection's own probe is answered.
 */
export function createClickStream({
  redis,
  maxBytes,
  weighEveryMs = 1_000,
}: ClickStreamOptions): ClickStream {
  let bytes = 0;
  const breaker = createBreaker({
    name: 'click stream',
    failuresToOpen: 1,
    probe: () => redis.probe(),
  });

  async function weigh(): Promise<void> {
    const weighed = await redis.run((client) =>
      client.memory('USAGE', redisKeys.clicks, 'SAMPLES', 5),
    );
    bytes = Number(weighed ?? 0);
  }
  // A failed weighing changes nothing: the breaker says that Redis is away.
  const timer = setInterval(() => void weigh().catch(() => undefined), weighEveryMs);
  timer.unref();

  return {
    get isOpen() {
      return bytes < maxBytes && breaker.state === 'closed' && redis.breaker.state === 'closed';
    },
    async append({ bootId, sequence, payload, traceparent }) {
      const trace = traceparent === undefined ? [] : ['t', traceparent];
      await breaker.run(() =>
        redis.run((client) =>
          client.xadd(redisKeys.clicks, '*', 'b', bootId, 's', sequence, 'p', payload, ...trace),
        ),
      );
    },
    stats: () => ({ bytes }),
    close() {
      clearInterval(timer);
      breaker.close();
    },
  };
}
