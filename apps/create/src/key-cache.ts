import { type CacheStats, createCache } from '@shortstack/cache';
import { findApiKeys, type UsableApiKey } from './data/find-api-keys.ts';
import type { GuardedDatabase } from './data/guarded-database.ts';
import type { Principal } from './domain/principal.ts';

/** How long another process goes on accepting a deleted key at most. */
const ttlSeconds = 4;
/** A key never changes: it exists, or it is gone for good, since nobody draws its 256 random bits again. */
const exists = 1;
const gone = 2;

export interface KeyCache {
  /** Whose unexpired key has this hash. Rejects with kind `unavailable` while PostgreSQL is away and the hash isn't known. */
  find: (keyHash: string) => Promise<Principal | null>;
  /** The key has been deleted: this process refuses it from now on. */
  forget: (keyHash: string) => void;
  stats: () => CacheStats;
  close(): Promise<void>;
}

/**
 * API keys as requests name them, in this process's memory alone. Not in Redis: whoever could write there could make keys, and a
 * look-up by primary key per process and 4 s costs PostgreSQL nothing worth sharing. A key that is deleted through another process is
 * accepted for 4 s at most, counted from when PostgreSQL was asked, with no channel that could fail; one that expires, not a moment
 * longer; none while PostgreSQL is away and those seconds are over.
 */
export function createKeyCache(database: GuardedDatabase): KeyCache {
  const cache = createCache<UsableApiKey>({
    name: 'api-keys',
    keyOf: (keyHash) => keyHash,
    codec: { encode: JSON.stringify, decode: JSON.parse },
    async load(keyHashes) {
      const found = await findApiKeys(database, keyHashes);
      return new Map(
        keyHashes.map((keyHash) => {
          const value = found.get(keyHash) ?? null;
          return [keyHash, { version: value === null ? gone : exists, value }];
        }),
      );
    },
    ttlSeconds,
    negativeTtlSeconds: ttlSeconds,
    staleIfErrorSeconds: 0,
    l1: { maxEntries: 20_000, maxBytes: 8 * 2 ** 20, ttlSeconds },
    negative: { maxEntries: 10_000 },
    loadTimeoutMs: 2_000,
  });
  return {
    async find(keyHash) {
      const key = await cache.get(keyHash);
      if (key === null || (key.expiresAtMs !== null && Date.now() >= key.expiresAtMs)) return null;
      return { accountId: key.accountId, key: { id: key.id, scopes: key.scopes } };
    },
    forget: (keyHash) => void cache.invalidate(keyHash, gone),
    stats: () => cache.stats(),
    close: () => cache.close(),
  };
}
