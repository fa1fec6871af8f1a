import type { RedisConnection } from '@shortstack/redis';
import type { StoredEntry } from './entry-format.ts';
import type { createRedisTier } from './redis-tier.ts';
import type { createVersionFloors } from './version-floors.ts';

export interface ChangeWriterOptions {
  redis: RedisConnection;
  tier: ReturnType<typeof createRedisTier>;
  floors: ReturnType<typeof createVersionFloors>;
  ttlSeconds: () => number;
  now: () => number;
}

/**
 * Brings announced changes to L2. What could not be written is written when Redis is back: this process no longer
 * believes L2 about such keys, but one that starts later would.
 */
export function createChangeWriter({ redis, tier, floors, ttlSeconds, now }: ChangeWriterOptions) {
  let catchingUp: Promise<void> | undefined;
  let closed = false;
  const stopListening = redis.breaker.onStateChange((state) => {
    if (state === 'closed') tellAgain();
  });

  async function write(key: string, entry: StoredEntry): Promise<boolean> {
    const written = await tier.writeChange(key, entry, ttlSeconds());
    if (written) floors.confirm(key, entry.version);
    return written;
  }

  function writeFloor(key: string, version: number): Promise<boolean> {
    return write(key, { version, asOfMs: now(), kind: 'floor', payload: '' });
  }

  function tellAgain(): void {
    catchingUp ??= catchUp().finally(() => {
      catchingUp = undefined;
    });
  }

  async function catchUp(): Promise<void> {
    // One after the other: a server that has just come back has better things to do.
    for (const [key, version] of floors.unconfirmed()) {
      if (closed || !(await writeFloor(key, version))) return;
    }
  }

  return {
    write,
    writeFloor,
    /** Writes what Redis has not confirmed or may have lost. */
    tellAgain,
    async close(): Promise<void> {
      closed = true;
      stopListening();
      await catchingUp;
    },
  };
}
