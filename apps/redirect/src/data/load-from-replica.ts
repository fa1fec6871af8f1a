import { LRUCache } from 'lru-cache';
import type { LinkLoader } from './load-links.ts';
import { maxLagMs } from './watch-replica.ts';

export interface ReplicaLoaderOptions {
  fromPrimary: LinkLoader;
  fromReplica: LinkLoader;
  /** See `ReplicaWatch`. */
  isFresh: () => boolean;
}

export interface ReplicaLoader {
  load: LinkLoader;
  /** Told of each changed link, at once. */
  changed(slug: string): void;
}

/** Some seconds more than a replica that counts as fresh may lag. */
const fromPrimaryForMs = maxLagMs + 8_000;
/** As many changes as in those seconds may come; past that nothing is read from the replica for as long. */
const maxRemembered = 100_000;

/**
 * Reads links from a replica where its answer is as good as the primary's, and everything else from the primary:
 *
 * - all, while the replica is away or not known to be fresh;
 * - what has been changed lately: once this process has heard of a change, it never reads what was before it;
 * - what the replica doesn't know: the link may have been made a moment ago.
 *
 * So of a change that this process has not heard of, what was before it may be read for `maxLagMs` after the commit; and it hears of
 * each within a second or two (`followChanges`), upon which the caches drop that.
 */
export function createReplicaLoader(options: ReplicaLoaderOptions): ReplicaLoader {
  const { fromPrimary, fromReplica, isFresh } = options;
  let distrustedUntil = Number.NEGATIVE_INFINITY;
  const lately = new LRUCache<string, true>({
    max: maxRemembered,
    ttl: fromPrimaryForMs,
    dispose(_value, _slug, reason) {
      if (reason === 'evict') distrustedUntil = performance.now() + fromPrimaryForMs;
    },
  });

  async function askReplica(slugs: readonly string[]): ReturnType<LinkLoader> {
    try {
      return await fromReplica(slugs);
    } catch {
      // The replica's breaker tells of it; the primary answers as it does without a replica.
      return new Map();
    }
  }

  return {
    async load(slugs) {
      if (!isFresh() || performance.now() < distrustedUntil) return fromPrimary(slugs);
      const found = await askReplica(slugs.filter((slug) => !lately.has(slug)));
      const known = new Map([...found].filter(([, { version }]) => version > 0));
      // One that was changed while the replica was asked is read again, too.
      const missing = slugs.filter((slug) => !known.has(slug) || lately.has(slug));
      if (missing.length === 0) return known;
      return new Map([...known, ...(await fromPrimary(missing))]);
    },
    changed(slug) {
      lately.set(slug, true);
    },
  };
}
