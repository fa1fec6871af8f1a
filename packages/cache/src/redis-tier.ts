import { readFileSync } from 'node:fs';
import { defineScript, type RedisConnection } from '@shortstack/redis';
import { decodeEntry, encodeEntry, type StoredEntry } from './entry-format.ts';
import { readTexts } from './read-texts.ts';
import { watchServerIdentity } from './server-identity.ts';

/** How far the clocks of two hosts may differ before an outdated entry could be trusted. */
const CLOCK_SKEW_MS = 1_000;
/** How long a process may take to hear that a key exists. Until then it may store that it does not. */
const NEWS_TAKES_MS = 5_000;

const script = (name: string) =>
  defineScript({
    name,
    lua: readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8'),
  });
const setIfNewer = script('set-if-newer');
const claimLease = script('claim-lease');
const endLease = script('end-lease');

export interface RedisTierOptions {
  redis: RedisConnection;
  keyOf: (key: string) => string;
  now: () => number;
  onError: () => void;
  /** Another server answers: what was written before may not be there any more. */
  onServerChange: () => void;
}

/** Held by another process; the name of the lease that was granted; or what stands there by now. */
export type Claim = 'held' | number | StoredEntry | undefined;

/**
 * L2: one string per key. No function here rejects: a Redis that is away is a miss.
 *
 * Entries as of a time before the last failed write of a change are misses too: the change may be missing there. So is
 * everything older when the server has been restarted or replaced, since it may have lost writes that it acknowledged.
 */
export function createRedisTier({ redis, keyOf, now, onError, onServerChange }: RedisTierOptions) {
  let trustedFromMs = 0;
  // Keys may have appeared before this process could hear of it.
  let absenceTrustedFromMs = now();
  const identity = watchServerIdentity(redis, () => {
    distrust();
    onServerChange();
  });

  function distrust(): void {
    trustedFromMs = now() + CLOCK_SKEW_MS;
  }

  /** `undefined`: Redis was not reached. */
  async function attempt<Result>(
    command: Parameters<typeof redis.run<Result>>[0],
  ): Promise<Result | undefined> {
    try {
      return await redis.run(command);
    } catch {
      onError();
      return undefined;
    }
  }

  async function write(key: string, entry: StoredEntry, ttlSeconds: number): Promise<boolean> {
    const replaceSame = entry.kind === 'floor' ? 0 : 1;
    const ttlMs = Math.max(1, Math.round(ttlSeconds * 1_000));
    const args = [entry.version, encodeEntry(entry), ttlMs, replaceSame];
    const answer = await attempt((client) => setIfNewer.run(client, [keyOf(key)], args));
    return answer !== undefined;
  }

  /** What isn't trusted is a floor. To be called when Redis has answered: distrust may have come meanwhile. */
  function judge(text: string | null): StoredEntry | undefined {
    const entry = text === null ? undefined : decodeEntry(text);
    if (entry === undefined) return undefined;
    const isUnknown = entry.kind === 'absent' && entry.version === 0;
    const isOutdated = isUnknown && entry.asOfMs < absenceTrustedFromMs;
    if (!isOutdated && entry.asOfMs >= trustedFromMs) return entry;
    return { ...entry, kind: 'floor', payload: '' };
  }

  return {
    distrust,
    /** Keys exist of which Redis may say, for a while yet, that they never did. */
    distrustAbsence(): void {
      absenceTrustedFromMs = now() + NEWS_TAKES_MS + CLOCK_SKEW_MS;
    },
    /** A value from the system of record. Losing it loses speed alone. */
    fill: write,
    /** A change: until Redis has it, nothing that Redis held before can be believed. */
    async writeChange(key: string, entry: StoredEntry, ttlSeconds: number): Promise<boolean> {
      const written = await write(key, entry, ttlSeconds);
      if (!written) distrust();
      return written;
    },
    /** In the order of the keys; `undefined`: Redis was not reached. */
    async read(keys: readonly string[]): Promise<(StoredEntry | undefined)[] | undefined> {
      const texts = await attempt(async (client) => {
        await identity.check();
        return readTexts(client, keys.map(keyOf));
      });
      return texts?.map(judge);
    },
    /** Asks for the right to load each key, for at most `leaseMs`. In the order of the keys; `undefined`: Redis was not reached. */
    async claim(keys: readonly string[], leaseMs: number): Promise<Claim[] | undefined> {
      const answers = await attempt((client) =>
        Promise.all(keys.map((key) => claimLease.run(client, [keyOf(key)], [leaseMs]))),
      );
      return answers?.map((answer) => {
        if (typeof answer === 'string') return judge(answer);
        return answer === 0 ? 'held' : Number(answer);
      });
    },
    async endLease(key: string, lease: number): Promise<void> {
      await attempt((client) => endLease.run(client, [keyOf(key)], [lease]));
    },
    close() {
      identity.close();
    },
  };
}
