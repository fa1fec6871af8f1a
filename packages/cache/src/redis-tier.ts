import { readFileSync } from 'node:fs';
import { defineScript, type RedisConnection } from '@shortstack/redis';
import { decodeEntry, encodeEntry, type StoredEntry } from './entry-format.ts';
import { watchServerIdentity } from './server-identity.ts';

/** How far the clocks of two hosts may differ before an outdated entry could be trusted. */
const CLOCK_SKEW_MS = 1_000;

const setIfNewer = defineScript({
  name: 'set-if-newer',
  lua: readFileSync(new URL('../lua/set-if-newer.lua', import.meta.url), 'utf8'),
});

export interface RedisTierOptions {
  redis: RedisConnection;
  keyOf: (key: string) => string;
  now: () => number;
  onError: () => void;
  /** Another server answers: what was written before may not be there any more. */
  onServerChange: () => void;
}

/**
 * L2: one string per key. No function here rejects: a Redis that is away is a miss.
 *
 * Entries as of a time before the last failed write of a change are misses too: the change may be missing there. So is
 * everything older when the server has been restarted or replaced, since it may have lost writes that it acknowledged.
 */
export function createRedisTier({ redis, keyOf, now, onError, onServerChange }: RedisTierOptions) {
  let trustedFromMs = 0;
  const identity = watchServerIdentity(redis, () => {
    distrust();
    onServerChange();
  });

  function distrust(): void {
    trustedFromMs = now() + CLOCK_SKEW_MS;
  }

  async function write(key: string, entry: StoredEntry, ttlSeconds: number): Promise<boolean> {
    const replaceSame = entry.kind === 'floor' ? 0 : 1;
    const ttlMs = Math.max(1, Math.round(ttlSeconds * 1_000));
    const args = [entry.version, encodeEntry(entry), ttlMs, replaceSame];
    try {
      await redis.run((client) => setIfNewer.run(client, [keyOf(key)], args));
      return true;
    } catch {
      onError();
      return false;
    }
  }

  return {
    distrust,
    /** A value from the system of record. Losing it loses speed alone. */
    fill: write,
    /** A change: until Redis has it, nothing that Redis held before can be believed. */
    async writeChange(key: string, entry: StoredEntry, ttlSeconds: number): Promise<boolean> {
      const written = await write(key, entry, ttlSeconds);
      if (!written) distrust();
      return written;
    },
    /** In the order of the keys. What isn't trusted comes back as a floor. */
    async read(keys: readonly string[]): Promise<(StoredEntry | undefined)[]> {
      try {
        const texts = await redis.run(async (client) => {
          await identity.check(client);
          return client.mget(keys.map(keyOf));
        });
        // Judged now, not before: distrust may have come while Redis answered.
        return texts.map((text) => {
          const entry = text === null ? undefined : decodeEntry(text);
          if (entry === undefined || entry.asOfMs >= trustedFromMs) return entry;
          return { ...entry, kind: 'floor', payload: '' };
        });
      } catch {
        onError();
        return keys.map(() => undefined);
      }
    },
    close() {
      identity.close();
    },
  };
}
