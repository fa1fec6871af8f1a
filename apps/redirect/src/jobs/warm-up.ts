import type { Cache } from '@shortstack/cache';
import type { WarmUpJob } from '@shortstack/contracts';
import type { FollowableLink } from '../domain/followable-link.ts';

export interface WarmUpOptions {
  links: Cache<FollowableLink>;
  loadBusiestSlugs: (limit: number) => Promise<string[]>;
}

const slugsAtOnce = 500;

/** Reads the busiest links through the cache, so that it holds them before visitors ask. */
export function createWarmUp({ links, loadBusiestSlugs }: WarmUpOptions) {
  return async ({ limit }: WarmUpJob): Promise<void> => {
    const slugs = await loadBusiestSlugs(limit);
    for (let at = 0; at < slugs.length; at += slugsAtOnce) {
      await Promise.all(slugs.slice(at, at + slugsAtOnce).map((slug) => links.get(slug)));
    }
  };
}
