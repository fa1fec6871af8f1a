import type { RedisConnection } from '@shortstack/redis';

/** What the system of record says about a key. */
export interface Loaded<T> {
  /** Rises with every change of the key, deletion included. 0: it never existed. */
  version: number;
  /** `null`: it does not exist (any more). */
  value: T | null;
}

export interface CacheOptions<T> {
  /** For messages and metrics. */
  name: string;
  /** The second tier (L2), shared with other processes. Without it there is only the first. */
  redis?: RedisConnection;
  /** The key in L2. */
  keyOf: (key: string) => string;
  /**
   * The system of record: answers up to `maxBatch` keys in one call. A key it leaves out never existed.
   * What is read must be at least as new as the call: no lagging replica.
   */
  load: (keys: readonly string[]) => Promise<Map<string, Loaded<T>>>;
  /** How a value is written in L2. `decode` may throw on text that it doesn't understand: that is a miss. */
  codec: { encode(value: T): string; decode(text: string): T };
  /** How long L2 keeps a value, and the trace of a change. */
  ttlSeconds: number;
  /** How long "does not exist" is believed. */
  negativeTtlSeconds: number;
  /**
   * How long past its expiry `get` answers at once with an L1 value, while one lookup renews it. Never with one that is known to have
   * changed, or that `markStale` has put in doubt. Default 0.
   */
  staleWhileRevalidateSeconds?: number;
  /** How long past its expiry an L1 entry is served while `load` fails. 0: never. */
  staleIfErrorSeconds: number;
  /** By what fraction TTLs are shortened at random, lest entries expire together. Default 0.1. */
  jitter?: number;
  /**
   * The first tier, in this process. Its `ttlSeconds` count from the call of `load`, or from the hit in L2; a hit in L1 never prolongs
   * them. An entry counts the characters of its key and encoded value and 200 more.
   */
  l1: { maxEntries: number; maxBytes: number; ttlSeconds: number };
  /** Keys that don't exist, kept apart so that a scanner can't evict the others. */
  negative: { maxEntries: number };
  /** How long one call of `load` may take; so long lasts the lease of whoever loads a key for all processes. */
  loadTimeoutMs: number;
  /** How long a miss waits at most for the process that has the lease, before it loads too. 0: no leases. Default 50. */
  leaseWaitMs?: number;
  /** How many keys are looked up together. 1 where one slow or failing key must not concern another. Default 500. */
  maxBatch?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /** From 0 to below 1. Default `Math.random`. */
  random?: () => number;
}

/** A read-through cache of versioned values in two tiers. Values are shared between callers: treat them as immutable. */
export interface Cache<T> {
  /**
   * The fresh value in L1; `null`: known not to exist; `undefined`: ask `get`. Synchronous and without allocation,
   * for hot paths.
   */
  peek(key: string): T | null | undefined;
  /**
   * L1, then L2, then `load`. Concurrent calls for a key share one lookup; keys missed in the same turn of the event loop share one
   * MGET and one `load`; of several processes one loads, and the others wait for it, `leaseWaitMs` at most. While `load`
   * fails or takes longer than `loadTimeoutMs`, an expired L1 entry is served (for a second without asking again). Where there is
   * none it rejects with an `AppError` of kind `unavailable`: that of `load`, or one with the code `CACHE_LOAD_FAILED`. L2 being
   * away costs at most one command timeout and `leaseWaitMs`, and nothing once its breaker is open.
   */
  get(key: string): Promise<T | null>;
  /**
   * Writes a value that has just been stored in the system of record through to L2, never over a newer one, and drops
   * what L1 knows of the key. Never rejects: `false` says that L2 was not reached. One round trip.
   */
  put(key: string, loaded: Loaded<T>): Promise<boolean>;
  /**
   * The key has changed and its version is now at least `version`. Synchronously drops anything older from L1, and makes
   * lookups under way look again; then leaves the version in L2, so that a late fill can't put an older value back.
   * Never rejects. One round trip; none for what has been invalidated before.
   */
  invalidate(key: string, version: number): Promise<void>;
  /**
   * Keys that never existed before are there now: `invalidate` for many at once, without telling L2 of each. Forgets
   * that they did not exist, makes lookups under way look again, and for the next 6 s believes no "never existed" of L2,
   * whatever the key: other processes, which have to be told as well, may take 5 s to hear of it. Costs no round trip.
   */
  appeared(keys: readonly string[]): void;
  /**
   * Invalidations may have been missed: nothing loaded before now is served without asking `load` again, except while
   * `load` fails. Empties nothing; costs nothing now and one `load` per key when it is next wanted.
   */
  markStale(): void;
  /** Counters since the start, and sizes. See `cacheMetrics`. */
  stats(): CacheStats;
  /** Waits for writes to L2 under way and drops L1. The connection stays open. */
  close(): Promise<void>;
}

export interface CacheStats {
  entries: number;
  negativeEntries: number;
  bytes: number;
  l1Hits: number;
  /** Calls of `get` that L1 couldn't answer. Of these `coalesced` joined a lookup under way. */
  l1Misses: number;
  /** Entries written to L1, and those of them that had to go for others. */
  l1Fills: number;
  l1Evictions: number;
  coalesced: number;
  /** Keys, by what L2 had of them when first asked. */
  l2Hits: number;
  l2Misses: number;
  /** Values and absences written to L2. */
  l2Fills: number;
  /** Commands that L2 refused or didn't answer in time. */
  l2Errors: number;
  /** Keys that another process was loading; of these `leaseTimeouts` were waited for in vain. */
  leaseWaits: number;
  leaseTimeouts: number;
  /** Calls of `load`, the keys in them, and the calls that failed. */
  loads: number;
  loadedKeys: number;
  loadErrors: number;
  /** Answers from an expired entry: while it was being renewed, and because `load` failed. */
  staleWhileRevalidate: number;
  staleIfError: number;
}
